package io.github.tornadovit.kernels.attention;

import io.github.tornadovit.kernels.cpu.CpuDevice;
import io.github.tornadovit.kernels.cpu.ThreadTeam;
import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.Step;

/**
 * {@link RotaryPositions} on all cores; memory-bound, so plain loops.
 *
 * <p>Math: float32, two products and their sum, each rounded, whatever the processor.
 *
 * <p>Tasks: groups of {@value #ROWS} tokens. Where y lies where qkv does, values and prefix tokens
 * are not touched.
 *
 * <p>Cost: reads and writes queries and keys once; about a thirtieth of the product that makes
 * them, a hundredth of a block.
 */
public final class CpuRotaryPositions implements Step, ThreadTeam.Job {
  /** Tokens of a task: some ten microseconds of work at a width of 768. */
  private static final int ROWS = 8;

  private final RotaryPositions op;
  private final CpuDevice device;
  private final float[] rotations;
  private final float[] x;
  private final float[] y;

  private int rows;

  /** Finds the buffers and weights of {@code op}. */
  public CpuRotaryPositions(RotaryPositions op, HostBuffers buffers, CpuDevice device) {
    this.op = op;
    this.device = device;
    this.rotations = device.weights().rows(op.rotations());
    this.x = buffers.of(op.qkv());
    this.y = buffers.of(op.output());
  }

  @Override
  public void run(int batch) {
    rows = batch * op.qkv().rows();
    device.team().run(Math.ceilDiv(rows, ROWS), this);
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // Whether the values are in place already.
  public void run(int task, int worker) {
    int tokens = op.qkv().rows();
    int width = op.qkv().columns();
    int end = Math.min(rows, (task + 1) * ROWS);
    for (int row = task * ROWS; row < end; row++) {
      int patch = row % tokens - op.prefixTokens();
      int turned = patch < 0 ? 0 : 2 * width / 3;
      int from = row * width;
      for (int head = 0; head < turned; head += op.headSize()) {
        turn(from + head, patch * op.headSize(), op.headSize() / 2);
      }
      if (x != y) {
        System.arraycopy(x, from + turned, y, from + turned, width - turned);
      }
    }
  }

  private void turn(int at, int cosines, int half) {
    for (int j = 0; j < half; j++) {
      float cosine = rotations[cosines + j];
      float sine = rotations[cosines + half + j];
      float first = x[at + j];
      float second = x[at + half + j];
      y[at + j] = first * cosine - second * sine;
      y[at + half + j] = second * cosine + first * sine;
    }
  }
}
