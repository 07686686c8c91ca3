package io.github.tornadovit.engine.bench;

import io.github.tornadovit.base.file.HeapProblem;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.Session;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.bench.BenchResult.Skipped;
import io.github.tornadovit.engine.bench.BenchResult.Target;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A model on a target, and the batches that fit its memory. Owns the model.
 *
 * @param batches ascending, at least one
 */
record LoadedModel(Target target, VisionModel model, List<Integer> batches)
    implements AutoCloseable {

  /**
   * Loads the model for the largest batch that fits.
   *
   * @param batches ascending
   * @param skipped gets the batches that do not fit
   * @return null if none fits
   */
  static @Nullable LoadedModel open(
      Function<ModelOptions, VisionModel> loader,
      ModelOptions options,
      List<Integer> batches,
      List<Skipped> skipped) {
    String arguments = Targets.arguments(options);
    for (int batch : batches.reversed()) {
      VisionModel model = null;
      try {
        model = loader.apply(options.withBatch(batch));
        int most = model.session().maxBatch();
        for (int larger : batches) {
          if (larger > most && larger <= batch) {
            skipped.add(
                new Skipped(
                    arguments + " --batch " + larger,
                    "the device's memory holds batches of " + most));
          }
        }
        List<Integer> fitting = batches.stream().filter(size -> size <= most).toList();
        if (!fitting.isEmpty()) {
          Session session = model.session();
          return new LoadedModel(
              new Target(
                  session.device(), options.precision(), arguments, session.memoryEstimate()),
              model,
              fitting);
        }
        model.close();
        return null;
      } catch (RuntimeException | OutOfMemoryError failure) {
        close(model);
        Throwable cause = failure instanceof OutOfMemoryError ? failure : failure.getCause();
        if (!(cause instanceof OutOfMemoryError full)) {
          throw failure;
        }
        skipped.add(new Skipped(arguments + " --batch " + batch, HeapProblem.reason(full)));
      }
    }
    return null;
  }

  private static void close(@Nullable VisionModel model) {
    if (model != null) {
      model.close();
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
