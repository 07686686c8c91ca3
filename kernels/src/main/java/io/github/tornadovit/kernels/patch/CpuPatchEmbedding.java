package io.github.tornadovit.kernels.patch;

import io.github.tornadovit.kernels.cpu.CpuDevice;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.PanelProduct;
import io.github.tornadovit.kernels.cpu.Partition;
import io.github.tornadovit.kernels.cpu.ThreadTeam;
import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.Step;
import io.github.tornadovit.kernels.program.Epilogue;

/**
 * {@link PatchEmbedding} on all cores, as a product of gathered patches.
 *
 * <p>Math: {@code y[b, i, :] = patch_i W^T + bias}, float32 sums in (channel, y, x) order.
 *
 * <p>Tasks: of each image, blocks of patches by groups of panels. Scratch: one tile and the block's
 * patches, row-major; a block is gathered again by each group of panels.
 *
 * <p>Cost: 2 P D C p_h p_w operations; the gathering is about 1 % of the time.
 */
public final class CpuPatchEmbedding implements Step, ThreadTeam.Job {
  private final PatchEmbedding op;
  private final CpuDevice device;
  private final PanelProduct product;
  private final Partition partition;

  /** Where the gathered patches begin in the scratch, after what the product needs. */
  private final int gathered;

  private final float[] pixels;
  private final float[] y;

  /** Finds the buffers of {@code op} and packs its weights, unless they are. */
  public CpuPatchEmbedding(PatchEmbedding op, HostBuffers buffers, CpuDevice device) {
    this.op = op;
    this.device = device;
    this.product = new PanelProduct(device, op.weight(), op.bias(), Epilogue.NONE);
    this.partition = product.partition(op.output().rows(), device.team().size());
    this.gathered = product.scratch(partition);
    this.pixels = buffers.of(op.pixels());
    this.y = buffers.of(op.output());
    device
        .scratch()
        .reserve(
            Math.addExact(gathered, Math.multiplyExact(partition.largestRows(), product.depth())));
  }

  @Override
  public void run(int batch) {
    device.team().run(batch * partition.tasks(), this);
  }

  @Override
  public void run(int task, int worker) {
    int image = task / partition.tasks();
    int block = task % partition.tasks();
    int first = partition.firstRow(block);
    int end = partition.endRow(block);
    float[] scratch = device.scratch().of(worker);
    for (int patch = first; patch < end; patch++) {
      gather(image, patch, scratch, gathered + (patch - first) * product.depth());
    }
    int row = image * op.output().rows() + first;
    product.run(
        new FloatRows(scratch, gathered, product.depth()),
        end - first,
        partition.firstPanel(block),
        partition.endPanel(block),
        null,
        new FloatRows(y, row * product.columns(), product.columns()),
        scratch);
  }

  /** Copies one patch, flattened in (channel, y, x) order. */
  private void gather(int image, int patch, float[] destination, int offset) {
    int across = op.width() / op.patchWidth();
    int top = patch / across * op.patchHeight();
    int left = patch % across * op.patchWidth();
    for (int channel = 0; channel < op.channels(); channel++) {
      int line = (image * op.channels() + channel) * op.height() + top;
      for (int dy = 0; dy < op.patchHeight(); dy++) {
        int source = (line + dy) * op.width() + left;
        System.arraycopy(pixels, source, destination, offset, op.patchWidth());
        offset += op.patchWidth();
      }
    }
  }
}
