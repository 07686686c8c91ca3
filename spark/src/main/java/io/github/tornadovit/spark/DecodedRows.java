package io.github.tornadovit.spark;

import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.image.ImageException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Rows with the pixels of their images, in order. A task of one core decodes when it is asked; one
 * of several decodes ahead on as many threads, while its batches run.
 */
final class DecodedRows implements Iterator<DecodedRows.Decoded> {
  private final PartitionRun run;
  private final ExecutorModel model;
  private final Iterator<Row> rows;
  private final int ahead;
  private final ImageStore store;
  private final Queue<CompletableFuture<Decoded>> window = new ArrayDeque<>();

  DecodedRows(PartitionRun run, ExecutorModel model, Iterator<Row> rows, int batch) {
    this.run = run;
    this.model = model;
    this.rows = rows;
    store = new ImageStore(run.hadoop().value().value(), Executor.mayBeRepeated());
    ahead = Executor.taskCores() == 1 ? 0 : batch;
  }

  /**
   * A row and what was made of its image: pixels or an error.
   *
   * @param nanos that it took
   */
  record Decoded(Row row, @Nullable Pixels pixels, @Nullable ImageException error, long nanos) {}

  @Override
  public boolean hasNext() {
    return !window.isEmpty() || rows.hasNext();
  }

  @Override
  public Decoded next() {
    if (ahead == 0) {
      return decode(rows.next());
    }
    // Rows are pulled by the task's own thread: an iterator of Spark's is for one.
    while (window.size() <= ahead && rows.hasNext()) {
      Row row = rows.next();
      window.add(CompletableFuture.supplyAsync(() -> decode(row), model.decoders()));
    }
    try {
      return window.remove().join();
    } catch (CompletionException failure) {
      switch (failure.getCause()) {
        case RuntimeException unchecked -> throw unchecked;
        case Error error -> throw error;
        case null, default -> throw failure;
      }
    }
  }

  private Decoded decode(Row row) {
    long start = System.nanoTime();
    try {
      Pixels pixels =
          run.kind().pixels(row.get(run.input()), name(row), model.model().imageProcessor(), store);
      return new Decoded(row, pixels, null, System.nanoTime() - start);
    } catch (ImageException unreadable) {
      return new Decoded(row, null, unreadable, System.nanoTime() - start);
    }
  }

  private String name(Row row) {
    Object name = run.name() < 0 ? null : row.get(run.name());
    return name == null ? "image" : name.toString();
  }
}
