package io.github.tornadovit.kernels.attention;

import io.github.tornadovit.kernels.cpu.CpuDevice;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.cpu.PanelPart;
import io.github.tornadovit.kernels.cpu.Panels;
import org.jspecify.annotations.Nullable;

/**
 * The numerators of attention's softmax for one tile of queries at a time, in a worker's scratch,
 * where k^T of one head lies as panels {@code [d, T]} from {@link Panels#START} on. Layouts of qkv
 * and bias as {@link Attention} has them.
 */
final class CpuScores {
  private final InnerLoops loops;
  private final float[] qkv;
  private final float @Nullable [] bias;
  private final FloatRows zeros;
  private final int tokens;
  private final int heads;
  private final int headSize;
  private final float scale;

  /** Elements from one query's scores to the next: T, rounded up to whole panels. */
  final int stride;

  /** Index in the scratch after the keys. */
  final int keysEnd;

  CpuScores(
      CpuDevice device,
      float[] qkv,
      int tokens,
      int heads,
      int headSize,
      float scale,
      float @Nullable [] bias) {
    this.loops = device.loops();
    this.qkv = qkv;
    this.bias = bias;
    this.zeros = new FloatRows(new float[loops.panelColumns()], 0, 0);
    this.tokens = tokens;
    this.heads = heads;
    this.headSize = headSize;
    this.scale = scale;
    this.stride = Panels.padded(tokens, loops.panelColumns());
    this.keysEnd = Math.addExact(Panels.START, Math.multiplyExact(headSize, stride));
  }

  /** Index in qkv of the first element of an image's query (part 0), key (1) or value (2) head. */
  int at(int part, int image, int head) {
    return (image * tokens * 3 + part) * heads * headSize + head * headSize;
  }

  /** Elements of qkv from one token to the next. */
  int tokenStride() {
    return 3 * heads * headSize;
  }

  /** Packs the keys of a head. */
  void packKeys(float[] scratch, int image, int head) {
    int columns = loops.panelColumns();
    int source = at(1, image, head);
    for (int token = 0; token < tokens; token += columns) {
      int rows = Math.min(columns, tokens - token);
      int panel = Panels.START + token * headSize;
      Panels.transpose(
          qkv,
          source + token * tokenStride(),
          tokenStride(),
          rows,
          headSize,
          scratch,
          panel,
          columns);
    }
  }

  /** The products of some queries and the packed keys of their head, to index {@code scores} on. */
  void multiply(float[] scratch, int image, int head, int query, int rows, int scores) {
    FloatRows q = new FloatRows(qkv, at(0, image, head), tokenStride()).from(query, 0);
    for (int token = 0; token < tokens; token += loops.panelColumns()) {
      loops.multiplyTile(
          q,
          rows,
          new PanelPart(scratch, Panels.START + token * headSize, headSize, Panels.START),
          zeros,
          new FloatRows(scratch, scores + token, stride));
    }
  }

  /** Makes one query's products the numerators of its softmax; returns their sum. */
  float numerators(float[] scratch, int head, int query, int start) {
    int biasRow = (head * tokens + query) * tokens;
    return loops.exponentials(scratch, start, tokens, scale, bias, biasRow);
  }
}
