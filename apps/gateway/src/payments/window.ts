// Counts what is under way and makes its only user wait while that is too much.

export interface Window {
  isFull(): boolean;
  enter(): void;
  leave(): void;
  /** Resolves when the next one leaves. */
  opens(): Promise<void>;
}

export function createWindow(sizeMax: number): Window {
  let inside = 0;
  let onLeave: (() => void) | null = null;
  return {
    isFull: () => inside >= sizeMax,
    enter: () => {
      inside += 1;
    },
    leave: () => {
      inside -= 1;
      onLeave?.();
      onLeave = null;
    },
    opens: () =>
      new Promise((resolve) => {
        onLeave = resolve;
      }),
  };
}
