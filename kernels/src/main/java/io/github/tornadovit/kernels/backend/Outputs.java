package io.github.tornadovit.kernels.backend;

import io.github.tornadovit.kernels.program.Buffer;
import java.util.Map;

/**
 * The outputs of a run of a plan.
 *
 * @param values {@code [batch, rows, columns]} of each of the program's outputs, the caller's own
 */
@SuppressWarnings("exports") // Who plans and runs is one of our own modules.
public record Outputs(Map<Buffer, float[]> values) {

  /**
   * The values of one output.
   *
   * @throws IllegalArgumentException if the buffer is no output of the program
   */
  public float[] of(Buffer output) {
    float[] found = values.get(output);
    if (found == null) {
      throw new IllegalArgumentException(
          "%s is no output of the program, which has %s".formatted(output, values.keySet()));
    }
    return found;
  }
}
