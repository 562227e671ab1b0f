/** What a course page may do with a playground: listen to an element's events, and talk to a frame by messages. */

const percent = (share) => `${(100 * share).toFixed(1)} %`;

const first = document.querySelector('#first');
const says = document.querySelector('#first-says');
first.addEventListener('step', ({ detail: { step, epoch, loss, validation } }) => {
  const learnt =
    validation === null
      ? ''
      : ` After epoch ${epoch}, ${percent(validation.accuracy)} of the digits it has not learnt from were read right.`;
  says.textContent = `Step ${step}, loss ${loss.toFixed(2)}.${learnt}`;
});
first.addEventListener('epoch', ({ detail: { validationEpoch, validation } }) => {
  says.textContent = `Epoch ${validationEpoch}: ${percent(validation.accuracy)} of the digits it has not learnt from are read right.`;
});
// Another network, or the same from the beginning.
first.addEventListener('ready', () => {
  says.textContent = 'Not trained yet.';
});

const frame = document.querySelector('#framed');
for (const button of document.querySelectorAll('[data-command]')) {
  button.addEventListener('click', () => {
    const message = { source: 'cnn-playground', v: 1, type: button.dataset.command };
    frame.contentWindow.postMessage(message, location.origin);
  });
}

addEventListener('message', ({ data, origin, source }) => {
  if (origin !== location.origin || source !== frame.contentWindow || data?.source !== 'cnn-playground') return;
  if (data.type === 'resize') frame.style.height = `${Math.ceil(data.height) + 2}px`;
  const says = { ready: 'The frame is ready.', step: `The frame is at step ${data.step}.` }[data.type];
  if (says !== undefined) document.querySelector('#frame-says').textContent = says;
});
