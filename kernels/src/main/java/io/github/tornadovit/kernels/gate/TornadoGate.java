package io.github.tornadovit.kernels.gate;

import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.Halves;
import io.github.tornadovit.kernels.launch.Launch;
import io.github.tornadovit.kernels.launch.Launches;
import io.github.tornadovit.kernels.launch.TaskRecorder;
import io.github.tornadovit.kernels.launch.Tiling;
import io.github.tornadovit.kernels.linear.TornadoEpilogue;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The gate of a gated MLP, one thread per output.
 *
 * <p>Math: {@code y[r,j] = act(x[r,j]) * x[r,H + j]}.
 *
 * <p>Shapes: {@code x [R, 2 H], y [R, H] f32 row-major}; y in float16 for a product that reads it
 * so.
 *
 * <p>Grid: ceil(R·H / 128) groups of 128; neighbours read neighbours in either half.
 *
 * <p>Cost: reads 2·R·H floats, writes R·H; memory-bound.
 *
 * <p>Requires: R, H ≥ 1. In place: no, y is half as wide.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class TornadoGate implements DeviceOperation {
  private final Gate gate;
  private final boolean toHalves;

  /**
   * The kernel of an operation.
   *
   * @param toHalves whether its output lies as float16
   */
  public TornadoGate(Gate gate, boolean toHalves) {
    this.gate = gate;
    this.toHalves = toHalves;
  }

  @Override
  public List<Launch> launches(int batch, Tiling tiling) {
    return List.of(Launch.elementwise("gate", Math.multiplyExact(batch, gate.output().size())));
  }

  @Override
  public void record(TaskRecorder recorder) {
    int size = Math.multiplyExact(recorder.batch(), gate.output().size());
    recorder.task(
        TornadoGate::gate,
        recorder.array(gate.input()),
        recorder.array(gate.output()),
        recorder.halves(gate.output()),
        toHalves ? 1 : 0,
        size,
        gate.output().columns(),
        TornadoEpilogue.of(gate.activation()));
  }

  /** The kernel. */
  public static void gate(
      KernelContext context,
      IntArray launches,
      FloatArray x,
      FloatArray y,
      HalfFloatArray halves,
      int toHalves,
      int size,
      int width,
      int activation) {
    Launches.count(context, launches);
    int at = context.globalIdx;
    if (at < size) {
      int from = at + at / width * width; // The rows before it have gates and values.
      float value = TornadoEpilogue.apply(x.get(from), activation) * x.get(from + width);
      Halves.store(y, halves, at, value, toHalves);
    }
  }
}
