package io.github.tornadovit.engine.bench;

import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.stage.Stage;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * A model in this JVM.
 *
 * @param pixels at least as many images as its largest batch
 * @param clock in nanoseconds
 */
record ModelContestant(LoadedModel loaded, Pixels pixels, LongSupplier clock)
    implements Contestant {
  @Override
  public String name() {
    return loaded.target().arguments();
  }

  @Override
  public float[] logits(int batch) {
    return run(pixels.first(batch));
  }

  @Override
  public long[] measure(int batch, long nanos) throws InterruptedException {
    Pixels images = pixels.first(batch);
    return Contestant.time(() -> run(images), nanos, clock);
  }

  private float[] run(Pixels images) {
    return Objects.requireNonNull(
        loaded.model().session().run(images, Set.of(Stage.LOGITS)).get(Stage.LOGITS));
  }
}
