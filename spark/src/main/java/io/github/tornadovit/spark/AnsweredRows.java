package io.github.tornadovit.spark;

import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.image.ImageException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a partition with their answers, in order, batch by batch as they are asked for:
 * memory for two batches, whatever the size of the partition.
 */
final class AnsweredRows implements Iterator<Row> {
  private final PartitionRun run;
  private final ExecutorModel model;
  private final DecodedRows decoded;
  private final int batch;
  private final Queue<Row> finished = new ArrayDeque<>();

  AnsweredRows(PartitionRun run, ExecutorModel model, Iterator<Row> rows) {
    this.run = run;
    this.model = model;
    batch = run.answers().maxBatch(model.model());
    decoded = new DecodedRows(run, model, rows, batch);
  }

  @Override
  public boolean hasNext() {
    while (finished.isEmpty() && decoded.hasNext()) {
      runBatch();
    }
    return !finished.isEmpty();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return finished.remove();
  }

  /** Fills a batch with readable images; results do not depend on timing. */
  private void runBatch() {
    TaskContext task = TaskContext.get();
    if (task != null && task.isInterrupted()) {
      throw new TaskKilledException();
    }
    List<DecodedRows.Decoded> waiting = new ArrayList<>();
    List<Pixels> images = new ArrayList<>();
    while (images.size() < batch && decoded.hasNext()) {
      DecodedRows.Decoded next = decoded.next();
      run.metrics().addImage(next.pixels() != null, next.nanos());
      waiting.add(next);
      if (next.pixels() != null) {
        images.add(next.pixels());
      }
    }
    Iterator<Object[]> answers = answers(images);
    for (DecodedRows.Decoded one : waiting) {
      ImageException error = one.error();
      if (error == null) {
        finished.add(row(one.row(), answers.next(), null));
      } else {
        refuse(one.row(), error);
      }
    }
  }

  private Iterator<Object[]> answers(List<Pixels> images) {
    if (images.isEmpty()) {
      return List.<Object[]>of().iterator();
    }
    Pixels pixels = Pixels.concat(images);
    long start = System.nanoTime();
    ExecutorModel.Pass<Object[]> pass =
        model.run(pixels, batch -> run.answers().of(model.model(), batch));
    run.metrics().addPass(pass.nanos(), System.nanoTime() - start - pass.nanos());
    return pass.answers().iterator();
  }

  private void refuse(Row row, ImageException error) {
    switch (run.invalid()) {
      case KEEP ->
          finished.add(row(row, new Object[run.answers().columns().size()], error.getMessage()));
      case SKIP -> {}
      case ERROR -> throw error;
    }
  }

  private Row row(Row row, @Nullable Object[] answers, @Nullable String error) {
    int kept = row.size();
    @Nullable Object[] values =
        new @Nullable Object[kept + answers.length + (run.keepsError() ? 1 : 0)];
    for (int i = 0; i < kept; i++) {
      values[i] = row.get(i);
    }
    System.arraycopy(answers, 0, values, kept, answers.length);
    if (run.keepsError()) {
      values[kept + answers.length] = error;
    }
    return RowFactory.create(values);
  }
}
