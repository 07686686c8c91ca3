package io.github.tornadovit.kernels.attention;

import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.Launch;
import io.github.tornadovit.kernels.launch.PackedWeight;
import io.github.tornadovit.kernels.launch.PlainWeights;
import io.github.tornadovit.kernels.launch.TaskRecorder;
import io.github.tornadovit.kernels.launch.Tiling;
import io.github.tornadovit.kernels.launch.WeightPlacement.Place;
import java.util.List;

/** Attention on a device: {@link TornadoFusedAttention}. */
@SuppressWarnings("exports") // The kernels of this module alone use it.
public final class TornadoAttention implements DeviceOperation {
  private final Attention attention;
  private final boolean toHalves;
  private final PackedWeight bias;

  /**
   * The kernel of an operation.
   *
   * @param toHalves whether its output lies as float16
   */
  public TornadoAttention(Attention attention, boolean toHalves) {
    this.attention = attention;
    this.toHalves = toHalves;
    bias = PlainWeights.of(attention.bias());
  }

  @Override
  public List<PackedWeight> weights() {
    return List.of(bias);
  }

  @Override
  public List<Launch> launches(int batch, Tiling tiling) {
    return List.of(TornadoFusedAttention.launch(attention, batch));
  }

  @Override
  public void record(TaskRecorder recorder) {
    Place w = recorder.place(bias);
    int tokens = attention.qkv().rows();
    recorder.task(
        TornadoFusedAttention::attention,
        recorder.array(attention.qkv()),
        w.array(),
        recorder.array(attention.output()),
        recorder.halves(attention.output()),
        toHalves ? 1 : 0,
        w.offset(),
        tokens,
        attention.heads(),
        attention.headSize(),
        attention.bias() == null ? 0 : 1,
        attention.scale());
  }
}
