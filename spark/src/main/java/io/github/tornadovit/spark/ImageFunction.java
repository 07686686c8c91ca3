package io.github.tornadovit.spark;

import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.image.ImageException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.jspecify.annotations.Nullable;

/** A function of one image, on the model that the transformers of this JVM share. */
record ImageFunction(PartitionRun run) implements UDF1<@Nullable Object, Row> {
  private static final long serialVersionUID = 1L;

  @Override
  public Row call(@Nullable Object image) {
    ExecutorModel model = ExecutorModels.of(run.spec());
    int width = run.answers().columns().size();
    @Nullable Object[] values = new @Nullable Object[width + (run.keepsError() ? 1 : 0)];
    long start = System.nanoTime();
    try {
      Pixels pixels = pixels(image, model);
      long decoded = System.nanoTime();
      run.metrics().addImage(true, decoded - start);
      ExecutorModel.Pass<Object[]> pass =
          model.run(pixels, batch -> run.answers().of(model.model(), batch));
      run.metrics().addPass(pass.nanos(), System.nanoTime() - decoded - pass.nanos());
      System.arraycopy(pass.answers().getFirst(), 0, values, 0, width);
    } catch (ImageException unreadable) {
      run.metrics().addImage(false, System.nanoTime() - start);
      if (run.invalid() == InvalidImages.ERROR) {
        throw unreadable;
      }
      if (run.keepsError()) {
        values[width] = unreadable.getMessage();
      }
    }
    return RowFactory.create(values);
  }

  private Pixels pixels(@Nullable Object image, ExecutorModel model) {
    ImageInput kind = image == null ? ImageInput.CONTENT : ImageInput.of(image);
    ImageStore store = new ImageStore(run.hadoop().value().value(), Executor.mayBeRepeated());
    return kind.pixels(image, "image", model.model().imageProcessor(), store);
  }
}
