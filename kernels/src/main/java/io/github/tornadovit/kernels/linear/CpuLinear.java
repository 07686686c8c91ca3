package io.github.tornadovit.kernels.linear;

import io.github.tornadovit.kernels.cpu.CpuDevice;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.PanelProduct;
import io.github.tornadovit.kernels.cpu.Partition;
import io.github.tornadovit.kernels.cpu.ThreadTeam;
import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.Step;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Epilogue;
import org.jspecify.annotations.Nullable;

/**
 * {@link Linear} on all cores.
 *
 * <p>Math: {@code y = epilogue(x W^T + bias)}, float32 sums in the order of k.
 *
 * <p>Shapes: the images' rows are one matrix {@code x [M, K], y [M, N]}, M = batch R; W as panels.
 *
 * <p>Tasks: blocks of rows by groups of panels, see {@link Partition}. Scratch: one tile.
 *
 * <p>Cost: 2 M N K operations; reads W once per row block.
 */
public final class CpuLinear implements Step, ThreadTeam.Job {
  private final CpuDevice device;
  private final PanelProduct product;
  private final int rowsPerImage;
  private final float[] x;
  private final float @Nullable [] added;
  private final float[] y;
  private Partition partition;

  /** Finds the buffers of {@code op} and packs its weights, unless they are. */
  public CpuLinear(Linear op, HostBuffers buffers, CpuDevice device) {
    this.device = device;
    this.product = new PanelProduct(device, op.weight(), op.bias(), op.epilogue());
    this.rowsPerImage = op.input().rows();
    this.x = buffers.of(op.input());
    this.added =
        switch (op.epilogue()) {
          case Epilogue.Activate _ -> null;
          case Epilogue.Residual(Buffer input, _) -> buffers.of(input);
        };
    this.y = buffers.of(op.output());
    this.partition = reserve(1);
  }

  /** The tasks of a batch. */
  private Partition reserve(int batch) {
    Partition tasks = product.partition(batch * rowsPerImage, device.team().size());
    device.scratch().reserve(product.scratch(tasks));
    return tasks;
  }

  @Override
  public void run(int batch) {
    if (partition.rows() != batch * rowsPerImage) {
      partition = reserve(batch);
    }
    device.team().run(partition.tasks(), this);
  }

  @Override
  public void run(int task, int worker) {
    int first = partition.firstRow(task);
    product.run(
        new FloatRows(x, first * product.depth(), product.depth()),
        partition.endRow(task) - first,
        partition.firstPanel(task),
        partition.endPanel(task),
        added,
        new FloatRows(y, first * product.columns(), product.columns()),
        device.scratch().of(worker));
  }
}
