export const en = {
  title: 'Compared runs, with loss and accuracy on the validation pictures',
  run: 'Run',
  now: 'this run',
  same: 'same settings',
  epoch: 'Ep.',
  loss: 'Loss',
  accuracy: 'Acc.',
  remove: (name: string) => `Remove ${name} from the comparison`,
};
