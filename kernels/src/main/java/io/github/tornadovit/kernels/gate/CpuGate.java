package io.github.tornadovit.kernels.gate;

import io.github.tornadovit.kernels.cpu.CpuDevice;
import io.github.tornadovit.kernels.cpu.Panels;
import io.github.tornadovit.kernels.cpu.ThreadTeam;
import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.Step;

/**
 * {@link Gate} on all cores.
 *
 * <p>Tasks: groups of {@value #ROWS} rows. Scratch: the gates of a row, which stay in the first
 * level cache while they are activated and multiplied.
 *
 * <p>Cost: reads x once and writes y once; about a hundredth of the two products around it.
 */
public final class CpuGate implements Step, ThreadTeam.Job {
  /** Rows of a task: some ten microseconds of work at a width of 4096. */
  private static final int ROWS = 4;

  private final Gate op;
  private final CpuDevice device;
  private final float[] x;
  private final float[] y;

  /** Gates of a row, to whole panels. */
  private final int padded;

  private int rows;

  /** Finds the buffers of {@code op}. */
  public CpuGate(Gate op, HostBuffers buffers, CpuDevice device) {
    this.op = op;
    this.device = device;
    this.x = buffers.of(op.input());
    this.y = buffers.of(op.output());
    this.padded = Panels.padded(op.output().columns(), device.loops().panelColumns());
    device.scratch().reserve(padded);
  }

  @Override
  public void run(int batch) {
    rows = batch * op.output().rows();
    device.team().run(Math.ceilDiv(rows, ROWS), this);
  }

  @Override
  public void run(int task, int worker) {
    int width = op.output().columns();
    float[] gates = device.scratch().of(worker);
    int end = Math.min(rows, (task + 1) * ROWS);
    for (int row = task * ROWS; row < end; row++) {
      int from = row * 2 * width;
      int to = row * width;
      System.arraycopy(x, from, gates, 0, width);
      device.loops().activate(op.activation(), gates, 0, padded); // Behind the row: whatever.
      for (int j = 0; j < width; j++) {
        y[to + j] = gates[j] * x[from + width + j];
      }
    }
  }
}
