package io.github.tornadovit.benchmarks.kernel;

import io.github.tornadovit.kernels.backend.Backend;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.backend.ReferenceBackend;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import java.util.Random;
import java.util.function.IntFunction;

/**
 * One operation as often as a ViT-base has layers, each with weights of its own: as in a forward
 * pass, they come from memory and not from a cache that the last call filled. Checked against the
 * reference before anything is measured.
 */
final class Layers implements AutoCloseable {
  /** Layers of a ViT-base. */
  static final int COUNT = 12;

  /** Tokens of a ViT-base: 14 x 14 patches and the class token. */
  static final int TOKENS = 197;

  /** Width of a ViT-base. */
  static final int WIDTH = 768;

  /** Heads of a ViT-base. */
  static final int HEADS = 12;

  /** Absolute, of outputs of order 1: float32 sums in another order. */
  private static final float TOLERANCE = 1e-4f;

  private final Backend backend;
  private final Plan plan;
  private final float[] pixels;
  private final int batch;
  private final double gigaflops;

  /**
   * Prepares the operations.
   *
   * @param layer makes the operation of a layer from the layer's number; all read {@code input} and
   *     write a value of their own
   * @param backend closed with the layers
   * @throws IllegalStateException if the first does not compute what the reference does
   */
  Layers(Buffer input, IntFunction<Operation> layer, int batch, Backend backend) {
    this.backend = backend;
    this.batch = batch;
    pixels = values(batch * input.size(), 1);
    Program.Builder builder = new Program.Builder(input);
    for (int i = 0; i < COUNT; i++) {
      builder.then(layer.apply(i));
    }
    Program program = builder.build();
    gigaflops = program.flops() * 1e-9 * batch;
    try {
      check(input, layer.apply(0));
      plan = backend.plan(program, batch);
    } catch (RuntimeException | Error failure) {
      backend.close();
      throw failure;
    }
  }

  /** Runs all layers once and counts what they did. */
  void run(Work work) {
    plan.run(pixels, batch);
    work.gigaflops += gigaflops;
  }

  /** A weight {@code [rows, columns]} of values that keep sums of that many columns near 1. */
  static Weight weight(int rows, int columns, long seed) {
    float[] values = values(rows * columns, seed);
    float scale = (float) (1 / Math.sqrt(columns));
    for (int i = 0; i < values.length; i++) {
      values[i] *= scale;
    }
    return Weight.of("weight " + seed, rows, columns, values);
  }

  /** A bias, or the weight of a norm: values in (-1, 1). */
  static Weight vector(int length, long seed) {
    return Weight.of("vector " + seed, 1, length, values(length, seed));
  }

  private static float[] values(int length, long seed) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }

  private void check(Buffer input, Operation operation) {
    Buffer output = operation.output();
    Program program = new Program.Builder(input).then(operation).output(output).build();
    float[] actual = compute(backend, program);
    try (Backend reference = new ReferenceBackend()) {
      float[] expected = compute(reference, program);
      for (int i = 0; i < expected.length; i++) {
        if (!(Math.abs(actual[i] - expected[i]) <= TOLERANCE)) {
          throw new IllegalStateException(
              "%s: element %d is %s, expected %s as the reference computes it"
                  .formatted(operation.getClass().getSimpleName(), i, actual[i], expected[i]));
        }
      }
    }
  }

  private float[] compute(Backend backend, Program program) {
    try (Plan one = backend.plan(program, 1)) {
      return one.run(pixels, 1).of(program.outputs().getFirst());
    }
  }

  @Override
  public void close() {
    plan.close();
    backend.close();
  }
}
