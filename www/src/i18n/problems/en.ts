/** English, for what went wrong. Every other language has exactly these keys. */
export const en = {
  startOver: 'Start over',
  startOverAt: (rate: string) => `Start over at a learning rate of ${rate}`,
  goBackSlower: (step: string, rate: string) => `Back to step ${step}, on at rate ${rate}`,
  use: (text: string) => `Use ${text}`,
  restart: 'Restart the engine',
  errorTraining: 'Training stopped.',
  errorSetting: 'This setting does not work; the old one stays.',
  errorEngine: 'The engine did not start.',
  errorLost: 'The GPU was taken away: the driver restarted, the machine slept, or another page used it up.',
  errorCrashed: 'The engine stopped because of a fault of its own.',
  errorUnsaved: 'The run is not being saved in this browser; training goes on.',
  errorLostAdvice: 'Restart the engine. The settings stay; the run begins again from its seed.',
};
