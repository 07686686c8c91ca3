package io.github.tornadovit.kernels.attention;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.cpu.AttentionLoops;
import io.github.tornadovit.kernels.cpu.CacheLines;
import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.CodedPanels;
import io.github.tornadovit.kernels.cpu.CodedValues;
import io.github.tornadovit.kernels.cpu.CpuDevice;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.cpu.PanelLayout;
import io.github.tornadovit.kernels.cpu.Panels;
import io.github.tornadovit.kernels.cpu.RowCoder;
import io.github.tornadovit.kernels.cpu.RowCodes;
import io.github.tornadovit.kernels.cpu.ThreadTeam;
import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.HostWeights.Layout;
import io.github.tornadovit.kernels.execution.Step;
import io.github.tornadovit.kernels.program.Weight;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@link Attention} in bf16 on all cores, head by head, without a {@code [T, T]} matrix: the scores
 * of a block of queries at a time.
 *
 * <p>Math: the factors are codes of {@link io.github.tornadovit.kernels.cpu.Bf16}, all else is
 * float32; the softmax subtracts the row's maximum and divides by the sum of the numerators, before
 * they are rounded, after the product with v.
 *
 * <p>Tasks: (image, head, group of queries), a block at a time; one group, unless there are fewer
 * heads than threads need. Scratch: the codes of k^T as panels {@code [d, T]}, of v as panels
 * {@code [T, d]}, of the head's k or v and of a block's q and numerators as rows, where qkv is
 * float32; the scores of a block, a product and the inverse sums. A task packs k and v of its head
 * itself.
 *
 * <p>Cost: 4 T^2 d operations per head, and as many codes as it has elements and numerators.
 */
public final class CpuCodedAttention implements Step, ThreadTeam.Job {
  /** Tasks per thread that are worth splitting heads for. */
  private static final int TASKS_PER_THREAD = 2;

  /** Queries that are worth a group of their own. */
  private static final int GROUP_QUERIES = 64;

  /**
   * Bytes of the scores of a block, unless a tile has more: they stay in the second level cache.
   */
  private static final int BLOCK_BYTES = 256 << 10;

  private static final int LINE_FLOATS = CacheLines.BYTES / Float.BYTES;

  private static final Layout<float[]> BIAS = new Layout<>("bias of numerators", float[].class);

  private final Attention op;
  private final CpuDevice device;
  private final InnerLoops loops;
  private final CodedLoops coded;
  private final AttentionLoops attention;
  private final PanelLayout layout;
  private final float @Nullable [] qkv;
  private final @Nullable RowCodes qkvCodes;
  private final float @Nullable [] y;
  private final @Nullable RowCoder output;

  /** Rows of all heads, padded as the numerators are; or one row for all. */
  private final FloatRows bias;

  private final int tokens;
  private final int headSize;
  private final int columns;

  /** Numerators of a query that are coded: T, and some that count for nothing. */
  private final int depth;

  /** Elements from one query's scores to the next: an odd number of cache lines. */
  private final int stride;

  /** Queries whose scores are there at a time, at most. */
  private final int block;

  /** Of all columns, zeros: nothing is added to a product. */
  private final int[] ends;

  // Where things begin in the scratch.
  private final int tile;
  private final int inverses;

  // Bytes of things in the scratch of codes.
  private final long queryBytes;
  private final long weightBytes;
  private final long rowBytes;
  private final long keyBytes;
  private final long valueBytes;

  private int groups = 1;

  /**
   * Finds the buffers and the bias of {@code op}.
   *
   * @param values where qkv and y lie, if as codes
   */
  public CpuCodedAttention(
      Attention op, HostBuffers buffers, CodedValues values, CpuDevice device) {
    this.op = op;
    this.device = device;
    this.loops = device.loops();
    this.coded = device.coded(Precision.BF16);
    this.attention = Objects.requireNonNull(coded.attention());
    this.layout = coded.layout();
    RowCoder input = values.of(op.qkv());
    this.qkvCodes = input == null ? null : input.codes();
    this.qkv = input == null ? buffers.of(op.qkv()) : null;
    this.output = values.of(op.output());
    this.y = output == null ? buffers.of(op.output()) : null;
    this.tokens = op.qkv().rows();
    this.headSize = op.headSize();
    this.columns = coded.panelColumns();
    this.depth = Panels.padded(tokens, AttentionLoops.NUMERATORS);
    this.bias = bias();
    this.stride = Panels.padded(tokens, columns) + LINE_FLOATS;
    this.ends = new int[Panels.padded(Math.max(tokens, headSize), columns)];
    int most = BLOCK_BYTES / (stride * Float.BYTES) / coded.tileRows() * coded.tileRows();
    this.block = Math.min(Math.max(most, coded.tileRows()), tokens);
    this.tile = Math.addExact(Panels.START, Math.multiplyExact(block, stride));
    this.inverses = Math.addExact(tile, block * columns);
    device.scratch().reserve(Math.addExact(inverses, block * columns));
    this.queryBytes = lines(coded.rowBytes(headSize), block);
    this.weightBytes = lines(coded.rowBytes(depth), block);
    this.rowBytes = lines(coded.rowBytes(headSize), tokens);
    this.keyBytes = lines(layout.panelBytes(headSize), Panels.count(tokens, columns));
    this.valueBytes = lines(layout.panelBytes(depth), Panels.count(headSize, columns));
    device.scratch().reserveCodes(queryBytes + weightBytes + rowBytes + keyBytes + valueBytes);
  }

  private FloatRows bias() {
    Weight weight = op.bias();
    if (weight == null) {
      float[] row = new float[depth];
      Arrays.fill(row, tokens, depth, Float.NEGATIVE_INFINITY);
      return new FloatRows(row, 0, 0);
    }
    return new FloatRows(device.weights().get(weight, BIAS, this::padded), 0, depth);
  }

  private float[] padded(Weight weight) {
    float[] values = weight.toArray();
    int rows = op.heads() * tokens;
    float[] padded = new float[Math.multiplyExact(rows, depth)];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(values, row * tokens, padded, row * depth, tokens);
      Arrays.fill(padded, row * depth + tokens, (row + 1) * depth, Float.NEGATIVE_INFINITY);
    }
    return padded;
  }

  /** Bytes of some parts, in whole cache lines. */
  private static long lines(int bytes, int parts) {
    return Math.ceilDiv((long) bytes * parts, CacheLines.BYTES) * (long) CacheLines.BYTES;
  }

  @Override
  public void run(int batch) {
    int heads = batch * op.heads();
    int threads = device.team().size();
    int wanted = threads == 1 ? 1 : Math.ceilDiv(threads * TASKS_PER_THREAD, heads);
    groups = Math.min(wanted, Math.ceilDiv(tokens, GROUP_QUERIES));
    device.team().run(heads * groups, this);
  }

  @Override
  public void run(int task, int worker) {
    int group = task % groups;
    int head = task / groups % op.heads();
    int image = task / groups / op.heads();
    new Head(image, head, device.scratch().of(worker), device.scratch().codes(worker))
        .attend(group);
  }

  /** A head of an image, in a worker's scratch. */
  private final class Head {
    private final int image;
    private final int head;
    private final FloatRows scores;
    private final FloatRows products;
    private final FloatRows inverseSums;
    private final RowCodes queries;
    private final RowCodes numerators;
    private final RowCodes rows;
    private final CodedPanels keys;
    private final CodedPanels values;

    Head(int image, int head, float[] scratch, MemorySegment codes) {
      this.image = image;
      this.head = head;
      scores = new FloatRows(scratch, Panels.START, stride);
      products = new FloatRows(scratch, tile, columns);
      inverseSums = new FloatRows(scratch, inverses, columns);
      int headBytes = coded.rowBytes(headSize);
      long at = 0;
      queries = new RowCodes(codes.asSlice(at, queryBytes), headBytes);
      at += queryBytes;
      numerators = new RowCodes(codes.asSlice(at, weightBytes), coded.rowBytes(depth));
      at += weightBytes;
      rows = new RowCodes(codes.asSlice(at, rowBytes), headBytes);
      at += rowBytes;
      keys = CodedPanels.of(codes.asSlice(at, keyBytes), layout, headSize);
      at += keyBytes;
      values = CodedPanels.of(codes.asSlice(at, valueBytes), layout, depth);
    }

    void attend(int group) {
      attention.transpose(codes(1, 0, tokens, rows), tokens, depth, keys, layout);
      attention.interleave(codes(2, 0, tokens, rows), tokens, headSize, values, layout);
      int end = firstQuery(group + 1);
      for (int query = firstQuery(group); query < end; query += block) {
        attend(query, Math.min(block, end - query));
      }
    }

    private int firstQuery(int group) {
      int tiles = Math.ceilDiv(tokens, coded.tileRows());
      return Math.min(group * tiles / groups * coded.tileRows(), tokens);
    }

    /**
     * The codes of some tokens' queries (part 0), keys (1) or values (2): where they lie, or made
     * in some room.
     */
    private RowCodes codes(int part, int token, int count, RowCodes room) {
      int row = image * tokens + token;
      int column = part * op.output().columns() + head * headSize;
      if (qkvCodes != null) {
        return qkvCodes.from(qkvCodes.start(row) + (long) column * Short.BYTES);
      }
      if (qkv != null) {
        int width = op.qkv().columns();
        FloatRows x = new FloatRows(qkv, row * width + column, width);
        coded.encode(x, count, headSize, room, 0, 0);
      }
      return room;
    }

    /** A block of queries. */
    private void attend(int query, int count) {
      RowCodes left = codes(0, query, count, queries);
      for (int column = 0; column < tokens; column += columns) {
        multiply(left, count, keys, column, scores.from(0, column));
      }
      FloatRows biases = bias.from(head * tokens + query, 0);
      attention.softmax(scores, count, depth, op.scale(), biases, numerators, inverseSums);
      for (int column = 0; column < headSize; column += columns) {
        multiply(numerators, count, values, column, products);
        int valid = Math.min(columns, headSize - column);
        store(image * tokens + query, count, head * headSize + column, valid);
      }
    }

    /** A panel's part of a product. */
    private void multiply(RowCodes left, int count, CodedPanels right, int column, FloatRows to) {
      coded.multiplyRows(left, 0, count, right, column / columns, ends, to);
    }

    /** The products times the inverse sums to y. */
    private void store(int row, int count, int column, int valid) {
      float[] from = products.array();
      if (y != null) {
        int width = op.output().columns();
        FloatRows to = new FloatRows(y, row * width + column, width);
        loops.storeRows(from, products.offset(), inverseSums, false, to, count, valid);
      } else if (output != null) {
        loops.storeRows(from, products.offset(), inverseSums, false, products, count, columns);
        output.encode(products, count, row, column, valid);
      }
    }
  }
}
