package io.github.tornadovit.kernels.attention;

import io.github.tornadovit.kernels.cpu.CpuDevice;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.cpu.PanelPart;
import io.github.tornadovit.kernels.cpu.Panels;
import io.github.tornadovit.kernels.cpu.ThreadTeam;
import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.Step;
import java.util.Arrays;

/**
 * {@link Attention} on all cores, head by head, without a {@code [T, T]} matrix: the scores of one
 * tile of queries at a time.
 *
 * <p>Math: float32; the softmax subtracts the row's maximum and divides by its sum after the
 * product with v.
 *
 * <p>Tasks: (image, head, block of queries); one block, unless there are fewer heads than threads
 * need. Scratch: k^T as panels {@code [d, T]}, v as panels {@code [T, d]}, the scores of a tile, an
 * output tile and the inverse sums; a task packs k and v of its head itself.
 *
 * <p>Cost: 4 T^2 d operations per head, and 2 T d copies.
 */
public final class CpuAttention implements Step, ThreadTeam.Job {
  /** Tasks per thread that are worth splitting heads for. */
  private static final int TASKS_PER_THREAD = 2;

  private final Attention op;
  private final CpuDevice device;
  private final InnerLoops loops;
  private final float[] qkv;
  private final float[] y;
  private final FloatRows zeros;
  private final CpuScores products;

  private final int tokens;
  private final int headSize;

  // Where things begin in the scratch.
  private final int values;
  private final int scores;
  private final int tile;
  private final int inverses;

  private int blocks = 1;

  /** Finds the buffers and the bias of {@code op}. */
  public CpuAttention(Attention op, HostBuffers buffers, CpuDevice device) {
    this.op = op;
    this.device = device;
    this.loops = device.loops();
    this.qkv = buffers.of(op.qkv());
    this.y = buffers.of(op.output());
    int columns = loops.panelColumns();
    this.zeros = new FloatRows(new float[columns], 0, 0);
    this.tokens = op.qkv().rows();
    this.headSize = op.headSize();
    this.products =
        new CpuScores(
            device,
            qkv,
            tokens,
            op.heads(),
            headSize,
            op.scale(),
            op.bias() == null ? null : device.weights().rows(op.bias()));
    this.values = products.keysEnd;
    this.scores =
        Math.addExact(values, Math.multiplyExact(tokens, Panels.padded(headSize, columns)));
    this.tile = Math.addExact(scores, Math.multiplyExact(loops.tileRows(), products.stride));
    this.inverses = Math.addExact(tile, loops.tileRows() * columns);
    device.scratch().reserve(Math.addExact(inverses, loops.tileRows() * columns));
  }

  @Override
  public void run(int batch) {
    int heads = batch * op.heads();
    int threads = device.team().size();
    int wanted = threads == 1 ? 1 : Math.ceilDiv(threads * TASKS_PER_THREAD, heads);
    blocks = Math.min(wanted, Math.ceilDiv(tokens, loops.tileRows()));
    device.team().run(heads * blocks, this);
  }

  @Override
  public void run(int task, int worker) {
    int block = task % blocks;
    int head = task / blocks % op.heads();
    int image = task / blocks / op.heads();
    float[] scratch = device.scratch().of(worker);
    products.packKeys(scratch, image, head);
    packValues(scratch, products.at(2, image, head));
    int tiles = Math.ceilDiv(tokens, loops.tileRows());
    int end = (block + 1) * tiles / blocks;
    for (int i = block * tiles / blocks; i < end; i++) {
      attend(scratch, image, head, i * loops.tileRows());
    }
  }

  private void packValues(float[] scratch, int source) {
    int columns = loops.panelColumns();
    int stride = op.qkv().columns();
    for (int column = 0; column < headSize; column += columns) {
      int valid = Math.min(columns, headSize - column);
      int panel = values + column * tokens;
      for (int token = 0; token < tokens; token++) {
        System.arraycopy(
            qkv, source + token * stride + column, scratch, panel + token * columns, valid);
      }
    }
  }

  /** One tile of queries. */
  private void attend(float[] scratch, int image, int head, int query) {
    int columns = loops.panelColumns();
    int rows = Math.min(loops.tileRows(), tokens - query);
    products.multiply(scratch, image, head, query, rows, scores);
    for (int row = 0; row < rows; row++) {
      float sum = products.numerators(scratch, head, query + row, scores + row * products.stride);
      Arrays.fill(scratch, inverses + row * columns, inverses + (row + 1) * columns, 1 / sum);
    }
    weigh(scratch, rows, image * tokens + query, head);
  }

  /** The sums of v weighted by the numerators of the softmax, times the inverses of their sums. */
  private void weigh(float[] scratch, int rows, int outputRow, int head) {
    int columns = loops.panelColumns();
    int width = op.output().columns();
    for (int column = 0; column < headSize; column += columns) {
      int valid = Math.min(columns, headSize - column);
      loops.multiplyTile(
          new FloatRows(scratch, scores, products.stride),
          rows,
          new PanelPart(scratch, values + column * tokens, tokens, values),
          zeros,
          new FloatRows(scratch, tile, columns));
      FloatRows to = new FloatRows(y, outputRow * width + head * headSize + column, width);
      FloatRows factors = new FloatRows(scratch, inverses, columns);
      loops.storeRows(scratch, tile, factors, false, to, rows, valid);
    }
  }
}
