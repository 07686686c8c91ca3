package io.github.tornadovit.kernels.linear;

import io.github.tornadovit.kernels.cpu.CodedProduct;
import io.github.tornadovit.kernels.cpu.CodedValues;
import io.github.tornadovit.kernels.cpu.CpuDevice;
import io.github.tornadovit.kernels.cpu.Partition;
import io.github.tornadovit.kernels.cpu.RowCoder;
import io.github.tornadovit.kernels.cpu.RowCodes;
import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.Step;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Epilogue;
import org.jspecify.annotations.Nullable;

/**
 * {@link Linear} of coded factors on all cores, by the rules of {@link
 * io.github.tornadovit.kernels.cpu.Int8} or {@link io.github.tornadovit.kernels.cpu.Bf16}.
 *
 * <p>Shapes: the images' rows are one matrix {@code x [M, K], y [M, N]}, M = batch R.
 *
 * <p>Tasks: first groups of rows become codes, unless x lies as codes, then blocks of rows by
 * groups of panels, see {@link Partition}.
 *
 * <p>Cost: 2 M N K operations, and one or two passes over x to code it; reads W, in its codes, once
 * per row block.
 */
public final class CpuCodedLinear implements Step {
  /** Rows that a task codes: some microseconds of work. */
  private static final int ROWS_PER_TASK = 16;

  private final CpuDevice device;
  private final CodedProduct product;
  private final int rowsPerImage;
  private final float @Nullable [] x;
  private final float @Nullable [] added;
  private final float @Nullable [] y;
  private Partition partition;

  /**
   * Finds the buffers of {@code op} and packs its weights, unless they are.
   *
   * @param coded where x and y lie, if as codes
   * @param codes where the codes of x wait, if it is not
   */
  public CpuCodedLinear(
      Linear op, HostBuffers buffers, CodedValues coded, CpuDevice device, RowCodes codes) {
    RowCoder input = coded.of(op.input());
    RowCoder output = coded.of(op.output());
    this.device = device;
    this.product =
        new CodedProduct(
            device,
            op.matrix(),
            op.bias(),
            op.epilogue(),
            input == null ? codes : input.codes(),
            output);
    this.rowsPerImage = op.input().rows();
    this.x = input == null ? buffers.of(op.input()) : null;
    this.added =
        switch (op.epilogue()) {
          case Epilogue.Activate _ -> null;
          case Epilogue.Residual(Buffer branch, _) -> buffers.of(branch);
        };
    this.y = output == null ? buffers.of(op.output()) : null;
    this.partition = reserve(1);
    if (x != null) {
      product.reserve(x.length / op.input().columns()); // All of a plan's memory is taken with it.
    }
  }

  /** The tasks of a batch. */
  private Partition reserve(int batch) {
    Partition tasks = product.partition(batch * rowsPerImage, device.team().size());
    device.scratch().reserve(product.scratch(tasks));
    return tasks;
  }

  @Override
  public void run(int batch) {
    int rows = batch * rowsPerImage;
    if (partition.rows() != rows) {
      partition = reserve(batch);
    }
    float[] floats = x;
    if (floats != null) {
      product.reserve(rows);
      device
          .team()
          .run(
              Math.ceilDiv(rows, ROWS_PER_TASK),
              (task, worker) -> encode(floats, task, device.scratch().of(worker)));
    }
    device.team().run(partition.tasks(), this::multiply);
  }

  private void encode(float[] floats, int task, float[] scratch) {
    int first = task * ROWS_PER_TASK;
    int end = Math.min(partition.rows(), first + ROWS_PER_TASK);
    product.encode(floats, first, end, scratch);
  }

  private void multiply(int task, int worker) {
    product.run(
        partition.firstRow(task),
        partition.endRow(task),
        partition.firstPanel(task),
        partition.endPanel(task),
        added,
        y,
        device.scratch().of(worker));
  }
}
