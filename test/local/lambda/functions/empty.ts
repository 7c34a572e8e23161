// A package whose module has no handler: what a function is when its code is taken away.
export {};
