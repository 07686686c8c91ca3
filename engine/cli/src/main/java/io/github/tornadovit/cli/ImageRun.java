package io.github.tornadovit.cli;

import io.github.tornadovit.engine.pipeline.ImagePipeline;
import io.github.tornadovit.engine.pipeline.ImagePipeline.Preparation;
import io.github.tornadovit.engine.pipeline.ImagePipeline.Sink;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/** A command's run over many images: progress, how many could not be read, and the exit code. */
final class ImageRun {
  private final List<Path> images;
  private final PrintWriter notes;
  private int unreadable;

  /**
   * A run that has not begun.
   *
   * @param notes standard error
   */
  ImageRun(List<Path> images, PrintWriter notes) {
    this.images = images;
    this.notes = notes;
  }

  /** Runs all images through a pipeline. */
  <R> void run(
      ImagePipeline<R> pipeline, Preparation<Path> preparation, Sink<Path, R, IOException> sink)
      throws IOException {
    Progress progress = new Progress(notes, Progress.onTerminal(), images.size());
    try {
      pipeline.run(
          images,
          preparation,
          outcome -> {
            progress.clear();
            unreadable += outcome.error() == null ? 0 : 1;
            sink.accept(outcome);
            progress.advance(1);
          });
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      progress.clear();
    }
  }

  /** Exit code 0 if every image was read, else 1 and a line that says how many were not. */
  int report() {
    return report(unreadable, images.size(), notes);
  }

  /** As {@link #report()}, of a run that somebody else counted. */
  static int report(int unreadable, int images, PrintWriter notes) {
    if (unreadable == 0) {
      return 0;
    }
    notes.printf("tornado-vit: %d of %d images could not be read%n", unreadable, images);
    return 1;
  }
}
