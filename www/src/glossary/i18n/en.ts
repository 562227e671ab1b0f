/** English texts of the glossary. */
export const en = {
  title: 'Glossary',
  intro: (count: string) => `${count} terms of convolutional networks, in English and Korean.`,
  search: 'Search in both languages',
  none: 'No such word here.',
};
