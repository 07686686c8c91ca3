package io.github.tornadovit.engine.cli;

import java.io.PrintWriter;

/** The end of a command over many images: how many could not be read, and the exit code. */
final class Unreadable {
  private Unreadable() {}

  /** Exit code 0 if every image was read, else 1 and a line that says how many were not. */
  static int report(int unreadable, int images, PrintWriter notes) {
    if (unreadable == 0) {
      return 0;
    }
    notes.printf("tornado-vit: %d of %d images could not be read%n", unreadable, images);
    return 1;
  }
}
