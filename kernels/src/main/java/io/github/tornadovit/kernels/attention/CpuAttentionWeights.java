package io.github.tornadovit.kernels.attention;

import io.github.tornadovit.kernels.cpu.CpuDevice;
import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.cpu.ThreadTeam;
import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.Step;

/**
 * {@link AttentionWeights} on all cores, a tile of queries at a time.
 *
 * <p>Tasks: (image, map, block of queries), at least two per thread; a task goes through the heads
 * of its map. Scratch: k^T as panels {@code [d, T]} and the scores of a tile.
 */
public final class CpuAttentionWeights implements Step, ThreadTeam.Job {
  private static final int TASKS_PER_THREAD = 2;

  private final AttentionWeights op;
  private final CpuDevice device;
  private final InnerLoops loops;
  private final CpuScores products;
  private final float[] y;
  private final int tokens;
  private int blocks = 1;

  /** Finds the buffers and the bias of {@code op}. */
  public CpuAttentionWeights(AttentionWeights op, HostBuffers buffers, CpuDevice device) {
    this.op = op;
    this.device = device;
    this.loops = device.loops();
    this.y = buffers.of(op.output());
    this.tokens = op.qkv().rows();
    this.products =
        new CpuScores(
            device,
            buffers.of(op.qkv()),
            tokens,
            op.heads(),
            op.headSize(),
            op.scale(),
            op.bias() == null ? null : device.weights().rows(op.bias()));
    int tile = Math.multiplyExact(loops.tileRows(), products.stride);
    device.scratch().reserve(Math.addExact(products.keysEnd, tile));
  }

  @Override
  public void run(int batch) {
    int maps = batch * op.maps();
    int wanted = Math.ceilDiv(device.team().size() * TASKS_PER_THREAD, maps);
    blocks = Math.min(wanted, Math.ceilDiv(tokens, loops.tileRows()));
    device.team().run(maps * blocks, this);
  }

  @Override
  public void run(int task, int worker) {
    int map = task / blocks;
    int block = task % blocks;
    float[] scratch = device.scratch().of(worker);
    int tiles = Math.ceilDiv(tokens, loops.tileRows());
    int end = (block + 1) * tiles / blocks;
    int headsPerMap = op.heads() / op.maps();
    int image = map / op.maps();
    int firstHead = map % op.maps() * headsPerMap;
    for (int head = firstHead; head < firstHead + headsPerMap; head++) {
      products.packKeys(scratch, image, head);
      for (int i = block * tiles / blocks; i < end; i++) {
        weigh(scratch, map, head, i * loops.tileRows());
      }
    }
  }

  /** Adds one tile of a head's weights to the mean that is its map. */
  private void weigh(float[] scratch, int map, int head, int query) {
    int headsPerMap = op.heads() / op.maps();
    int rows = Math.min(loops.tileRows(), tokens - query);
    int scores = products.keysEnd;
    products.multiply(scratch, map / op.maps(), head, query, rows, scores);
    for (int row = 0; row < rows; row++) {
      int from = scores + row * products.stride;
      float share = 1 / (products.numerators(scratch, head, query + row, from) * headsPerMap);
      int to = (map * tokens + query + row) * tokens;
      boolean first = head % headsPerMap == 0;
      for (int key = 0; key < tokens; key++) {
        y[to + key] = (first ? 0 : y[to + key]) + scratch[from + key] * share;
      }
    }
  }
}
