package io.github.tornadovit.benchmarks.model;

import io.github.tornadovit.engine.forward.Encoder;
import io.github.tornadovit.engine.forward.Encoder.Forward;
import io.github.tornadovit.engine.forward.Stage;
import io.github.tornadovit.kernels.backend.Backend;
import io.github.tornadovit.kernels.backend.CpuBackend;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Our engine: the forward pass and the backend of {@code VisionModel}, without the decoding and
 * preprocessing of images, which the peers do not do.
 */
public final class TornadoVitEngine implements ForwardEngine {
  private final Checkpoint checkpoint;
  private final Backend backend;
  private final Forward forward;
  private @Nullable Plan plan;

  /**
   * Loads a checkpoint folder for the CPU backend.
   *
   * @throws IllegalArgumentException if the checkpoint has no image classifier
   */
  public TornadoVitEngine(EngineSetting setting) {
    checkpoint = Checkpoint.open(setting.model());
    try {
      forward = classifier(checkpoint);
      backend = new CpuBackend(setting.threads());
    } catch (RuntimeException | Error failure) {
      checkpoint.close();
      throw failure;
    }
  }

  /** What a benchmark must know of a checkpoint before an engine runs it. */
  public record Facts(ImageShape images, long flopsPerImage) {

    /** Reads the checkpoint folder. */
    public static Facts of(Path folder) {
      try (Checkpoint checkpoint = Checkpoint.open(folder)) {
        return new Facts(
            ImageShape.of(checkpoint.config()), classifier(checkpoint).program().flops());
      }
    }
  }

  private static Forward classifier(Checkpoint checkpoint) {
    Encoder encoder = new Encoder(checkpoint.weights());
    if (!encoder.has(Stage.LOGITS)) {
      throw new IllegalArgumentException(checkpoint.name() + ": no image classifier to compare");
    }
    return encoder.forward(Set.of(Stage.LOGITS));
  }

  @Override
  public String name() {
    return "tornado-vit";
  }

  @Override
  public String version() {
    return backend.device().name();
  }

  @Override
  public float[] logits(float[] pixels, int batch) {
    Plan ready = planFor(batch);
    ready.run(pixels, batch);
    return ready.output(forward.output(Stage.LOGITS));
  }

  /** A plan whose buffers fit the batch, as a user sets it once; weights are packed only once. */
  private Plan planFor(int batch) {
    Plan open = plan;
    if (open == null || open.maxBatch() != batch) {
      if (open != null) {
        open.close();
      }
      open = backend.plan(forward.program(), batch);
      plan = open;
    }
    return open;
  }

  @Override
  public void close() {
    if (plan != null) {
      plan.close();
    }
    backend.close();
    checkpoint.close();
  }
}
