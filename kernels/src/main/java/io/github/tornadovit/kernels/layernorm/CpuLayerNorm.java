package io.github.tornadovit.kernels.layernorm;

import io.github.tornadovit.kernels.cpu.CodedValues;
import io.github.tornadovit.kernels.cpu.CpuDevice;
import io.github.tornadovit.kernels.cpu.RowCoder;
import io.github.tornadovit.kernels.cpu.ThreadTeam;
import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.Step;
import org.jspecify.annotations.Nullable;

/**
 * {@link LayerNorm} on all cores.
 *
 * <p>Math: two passes over the row in float32, no {@code E[x^2] - E[x]^2}.
 *
 * <p>Tasks: groups of {@value #ROWS} rows. Scratch: a row, where y lies as codes. In place is
 * allowed.
 *
 * <p>Cost: reads three times, of which two from the first level cache, and writes once.
 */
public final class CpuLayerNorm implements Step, ThreadTeam.Job {
  /** Rows of a task: about five microseconds at a width of 768, ten times the cost of a claim. */
  private static final int ROWS = 8;

  private final LayerNorm op;
  private final CpuDevice device;
  private final float[] x;
  private final float[] weight;
  private final float[] bias;
  private final float @Nullable [] y;
  private final @Nullable RowCoder codes;
  private int rows;

  /**
   * Finds the buffers and weights of {@code op}.
   *
   * @param coded where y lies, if as codes
   */
  public CpuLayerNorm(LayerNorm op, HostBuffers buffers, CodedValues coded, CpuDevice device) {
    this.op = op;
    this.device = device;
    this.x = buffers.of(op.input());
    this.weight = device.weights().rows(op.weight());
    this.bias = device.weights().rows(op.bias());
    this.codes = coded.of(op.output());
    this.y = codes == null ? buffers.of(op.output()) : null;
    device.scratch().reserve(codes == null ? 0 : op.input().columns());
  }

  @Override
  public void run(int batch) {
    rows = batch * op.input().rows();
    device.team().run(Math.ceilDiv(rows, ROWS), this);
  }

  @Override
  public void run(int task, int worker) {
    int width = op.input().columns();
    int end = Math.min(rows, (task + 1) * ROWS);
    for (int row = task * ROWS; row < end; row++) {
      int start = row * width;
      if (y != null) {
        device.loops().normalise(x, start, weight, bias, op.eps(), y, start, width);
      } else if (codes != null) {
        float[] normed = device.scratch().of(worker);
        device.loops().normalise(x, start, weight, bias, op.eps(), normed, 0, width);
        codes.encode(normed, 0, row, normed);
      }
    }
  }
}
