export const ARGS: string[];
export const EXECUTABLE: string;
