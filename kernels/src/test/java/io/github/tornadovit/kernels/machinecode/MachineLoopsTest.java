package io.github.tornadovit.kernels.machinecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.PanelPart;
import io.github.tornadovit.kernels.cpu.ScalarLoops;
import io.github.tornadovit.kernels.testing.RandomValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Calls of machine code from Java: arguments that do not fit are refused before the call, and
 * neither the JIT compiler nor other threads nor the garbage collector change a result.
 */
class MachineLoopsTest {
  private static final int OFFSET = 3;
  private static final int DEPTH = 7;

  /** Nothing that a function would leave as it is. */
  private static final float GUARD = -12345;

  private static MachineLoops loops(InstructionSet set) {
    assumeTrue(ThisMachine.has(set), "this machine cannot run " + set.label());
    return new MachineLoops(set, Set.of(), new ScalarLoops());
  }

  /** The arguments of {@link MachineLoops#multiplyTile}, which fit at first. */
  private static final class Tile {
    private final int width;
    private int aOffset = OFFSET;
    private int aStride = DEPTH + 1;
    private int rows = TileCode.ROWS;
    private int panelOffset = OFFSET;
    private int depth = DEPTH;
    private int initOffset = OFFSET;
    private int initStride;
    private int cOffset = OFFSET;
    private int cStride;
    private int ahead;

    Tile(MachineLoops loops) {
      width = loops.panelColumns();
      cStride = width + 2;
    }

    float[] run(MachineLoops loops) {
      RandomValues values = new RandomValues(1);
      // Arrays that end with the last element of the last row.
      float[] a = values.array(OFFSET + (TileCode.ROWS - 1) * (DEPTH + 1) + DEPTH);
      float[] panel = values.array(OFFSET + DEPTH * width);
      float[] init = values.array(OFFSET + width);
      float[] c = guarded(OFFSET + (TileCode.ROWS - 1) * (width + 2) + width);
      loops.multiplyTile(
          new FloatRows(a, aOffset, aStride),
          rows,
          new PanelPart(panel, panelOffset, depth, ahead),
          new FloatRows(init, initOffset, initStride),
          new FloatRows(c, cOffset, cStride));
      return c;
    }
  }

  /** The arguments of {@link MachineLoops#storeRows}, likewise. */
  private static final class Store {
    private final int width;
    private int columns;
    private boolean scaled = true;
    private int xOffset = OFFSET;
    private int scaleOffset = OFFSET;
    private int scaleStride;
    private int yOffset = OFFSET;
    private int yStride;
    private int rows = TileCode.ROWS;

    Store(MachineLoops loops) {
      width = loops.panelColumns();
      columns = width;
      yStride = width + 2;
    }

    float[] run(MachineLoops loops) {
      RandomValues values = new RandomValues(2);
      float[] x = values.array(OFFSET + TileCode.ROWS * width);
      float[] scale = values.array(OFFSET + width);
      float[] y = guarded(OFFSET + (TileCode.ROWS - 1) * (width + 2) + width);
      loops.storeRows(
          x,
          xOffset,
          scaled ? new FloatRows(scale, scaleOffset, scaleStride) : null,
          true,
          new FloatRows(y, yOffset, yStride),
          rows,
          columns);
      return y;
    }
  }

  private static float[] guarded(int length) {
    float[] array = new float[length];
    Arrays.fill(array, GUARD);
    return array;
  }

  private static void tileRefused(MachineLoops loops, Consumer<Tile> change) {
    Tile tile = new Tile(loops);
    change.accept(tile);
    refused(() -> tile.run(loops));
  }

  private static void storeRefused(MachineLoops loops, Consumer<Store> change) {
    Store store = new Store(loops);
    change.accept(store);
    refused(() -> store.run(loops));
  }

  private static void refused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfAny(IndexOutOfBoundsException.class, IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource
  void refusesTilesThatDoNotFit(InstructionSet set) {
    MachineLoops loops = loops(set);
    assertThat(new Tile(loops).run(loops)).startsWith(GUARD, GUARD, GUARD);
    for (int rows : new int[] {Integer.MIN_VALUE, -1, 0, 7, Integer.MAX_VALUE}) {
      tileRefused(loops, tile -> tile.rows = rows);
      // Small enough otherwise for any number of rows.
      tileRefused(
          loops,
          tile -> {
            tile.rows = rows;
            tile.aStride = 0;
            tile.cStride = 0;
          });
    }
    for (int offset : new int[] {Integer.MIN_VALUE, -1, OFFSET + 1, Integer.MAX_VALUE}) {
      tileRefused(loops, tile -> tile.aOffset = offset);
      tileRefused(loops, tile -> tile.panelOffset = offset);
      tileRefused(loops, tile -> tile.initOffset = offset);
      tileRefused(loops, tile -> tile.cOffset = offset);
    }
    for (int stride : new int[] {Integer.MIN_VALUE, -1, 1000, Integer.MAX_VALUE}) {
      tileRefused(loops, tile -> tile.aStride = stride);
      tileRefused(loops, tile -> tile.initStride = stride);
      tileRefused(loops, tile -> tile.cStride = stride);
    }
    for (int depth : new int[] {Integer.MIN_VALUE, -1, DEPTH + 1, Integer.MAX_VALUE}) {
      tileRefused(loops, tile -> tile.depth = depth);
    }
    for (int ahead : new int[] {-1, Integer.MAX_VALUE}) {
      tileRefused(loops, tile -> tile.ahead = ahead);
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesStoresThatDoNotFit(InstructionSet set) {
    MachineLoops loops = loops(set);
    assertThat(new Store(loops).run(loops)).startsWith(GUARD, GUARD, GUARD);
    for (int rows : new int[] {Integer.MIN_VALUE, -1, 0, 7, Integer.MAX_VALUE}) {
      for (boolean scaled : new boolean[] {false, true}) {
        storeRefused(
            loops,
            store -> {
              store.rows = rows;
              store.scaled = scaled;
            });
        storeRefused(
            loops,
            store -> {
              store.rows = rows;
              store.scaled = scaled;
              store.yStride = 0;
            });
      }
    }
    for (int offset : new int[] {Integer.MIN_VALUE, -1, OFFSET + 1, Integer.MAX_VALUE}) {
      storeRefused(loops, store -> store.xOffset = offset);
      storeRefused(loops, store -> store.scaleOffset = offset);
      storeRefused(loops, store -> store.yOffset = offset);
    }
    for (int stride : new int[] {Integer.MIN_VALUE, -1, 1000, Integer.MAX_VALUE}) {
      storeRefused(loops, store -> store.scaleStride = stride);
      storeRefused(loops, store -> store.yStride = stride);
    }
    int width = loops.panelColumns();
    float[] enough = new float[8 * width];
    refused(
        () -> loops.storeRows(enough, 0, null, false, new FloatRows(enough, 0, width), 9, width));
    storeRefused(loops, store -> store.columns = width + 1);
    // Columns that fill no panel are stored by Java.
    storeRefused(
        loops,
        store -> {
          store.columns = 5;
          store.yOffset = -4;
        });
  }

  @ParameterizedTest
  @EnumSource
  void activatesWhatFillsNoVectorToo(InstructionSet set) {
    MachineLoops loops = loops(set);
    int count = 2 * set.lanes() + 1;
    float[] x = new float[count];
    Arrays.fill(x, -100);
    loops.activate(Activation.GELU, x, 0, count);
    for (float value : x) {
      assertThat(value).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesRowsThatDoNotFit(InstructionSet set) {
    MachineLoops loops = loops(set);
    int count = 3 * loops.panelColumns();
    float[] x = new RandomValues(3).array(OFFSET + count);
    float[] shorter = new float[count - 1];
    float[] enough = new float[count];
    for (int offset : new int[] {Integer.MIN_VALUE, -1, OFFSET + 1, Integer.MAX_VALUE}) {
      refused(() -> loops.activate(Activation.GELU, x, offset, count));
      refused(() -> loops.normalise(x, offset, enough, enough, 1, enough, 0, count));
      refused(() -> loops.normalise(enough, 0, enough, enough, 1, x, offset, count));
      refused(() -> loops.exponentials(x, offset, count, 1, null, 0));
      refused(() -> loops.exponentials(enough.clone(), 0, count, 1, x, offset));
      // So that all is machine code, and all is Java but the padding.
      refused(() -> loops.exponentials(x, offset, count - 1, 1, null, 0));
      refused(() -> loops.exponentials(x, offset, count - 1, 1, enough, 0));
    }
    refused(() -> loops.normalise(x, 0, shorter, enough, 1, enough, 0, count));
    refused(() -> loops.normalise(x, 0, enough, shorter, 1, enough, 0, count));
    refused(() -> loops.normalise(x, 0, enough, enough, 1, shorter, 0, count));
    refused(() -> loops.exponentials(enough.clone(), 0, count, 1, shorter, 0));
    int longest = Integer.MAX_VALUE / set.lanes() * set.lanes();
    for (int more : new int[] {count + loops.panelColumns(), longest}) {
      refused(() -> loops.activate(Activation.GELU, x, OFFSET, more));
      refused(() -> loops.normalise(x, OFFSET, x, x, 1, x, OFFSET, more));
      refused(() -> loops.exponentials(x, OFFSET, more, 1, null, 0));
    }
    refused(() -> loops.exponentials(x, 0, Integer.MAX_VALUE, 1, null, 0));
    for (int none : new int[] {Integer.MIN_VALUE, -set.lanes(), -1, 0}) {
      float[] before = x.clone();
      refused(() -> loops.exponentials(x, OFFSET, none, 1, null, 0));
      refused(() -> loops.exponentials(x, OFFSET, none, 1, enough, 0));
      // These have nothing to do, and do nothing.
      loops.activate(Activation.GELU, x, OFFSET, none);
      assertThat(x).containsExactly(before);
    }
  }

  /** Every method's results, one after the other, with guards between. */
  private static float[] results(MachineLoops loops) {
    int count = 3 * loops.panelColumns();
    RandomValues values = new RandomValues(4);
    List<float[]> parts = new ArrayList<>();
    parts.add(new Tile(loops).run(loops));
    parts.add(new Store(loops).run(loops));
    float[] gelu = between(values.array(count));
    loops.activate(Activation.GELU, gelu, OFFSET, count);
    parts.add(gelu);
    for (float[] bias : new float[][] {null, values.array(count)}) {
      float[] row = between(values.array(count));
      parts.add(new float[] {exponentials(loops, row, count - 5, bias)});
      parts.add(row);
    }
    float[] y = guarded(count + 2 * OFFSET);
    loops.normalise(
        values.array(count), 0, values.array(count), values.array(count), 1e-6f, y, OFFSET, count);
    parts.add(y);
    return concatenated(parts);
  }

  private static float exponentials(
      MachineLoops loops, float[] row, int count, float @Nullable [] bias) {
    return loops.exponentials(row, OFFSET, count, 2, bias, 0);
  }

  private static float[] between(float[] values) {
    float[] array = guarded(values.length + 2 * OFFSET);
    System.arraycopy(values, 0, array, OFFSET, values.length);
    return array;
  }

  private static float[] concatenated(List<float[]> parts) {
    float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private static void repeat(MachineLoops loops, float[] expected, int times) {
    for (int i = 0; i < times; i++) {
      float[] again = results(loops);
      int different = Arrays.mismatch(expected, again);
      assertThat(different).as("where call %d gives another result", i).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void leavesWhatIsAroundItsSlices(InstructionSet set) {
    MachineLoops loops = loops(set);
    float[] tile = new Tile(loops).run(loops);
    float[] store = new Store(loops).run(loops);
    for (float[] rows : List.of(tile, store)) {
      int stride = loops.panelColumns() + 2;
      for (int i = 0; i < rows.length; i++) {
        boolean outside = i < OFFSET || (i - OFFSET) % stride >= loops.panelColumns();
        assertThat(rows[i] == GUARD).as("element %d", i).isEqualTo(outside);
      }
    }
    int count = 3 * loops.panelColumns();
    float[] values = new RandomValues(5).array(count);
    float[] gelu = between(values);
    float[] softmax = between(values);
    float[] normal = guarded(count + 2 * OFFSET);
    loops.activate(Activation.GELU, gelu, OFFSET, count);
    loops.exponentials(softmax, OFFSET, count, 1, null, 0);
    loops.normalise(values, 0, values, values, 1, normal, OFFSET, count);
    for (float[] row : List.of(gelu, softmax, normal)) {
      for (int i = 0; i < row.length; i++) {
        boolean outside = i < OFFSET || i >= OFFSET + count;
        assertThat(row[i] == GUARD).as("element %d", i).isEqualTo(outside);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theFirstCallGivesWhatTheLastOneGives(InstructionSet set) {
    MachineLoops loops = loops(set);
    repeat(loops, results(loops), 20_000);
  }

  @ParameterizedTest
  @EnumSource
  void threadsDoNotDisturbEachOther(InstructionSet set) throws Exception {
    MachineLoops loops = loops(set);
    float[] expected = results(loops);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<? extends Future<?>> all =
          Stream.generate(() -> threads.submit(() -> repeat(loops, expected, 2_000)))
              .limit(4)
              .toList();
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theGarbageCollectorDoesNotDisturb(InstructionSet set) throws Exception {
    MachineLoops loops = loops(set);
    float[] expected = results(loops);
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
      Future<?> allocating = threads.submit(() -> allocate(done));
      try {
        repeat(loops, expected, 3_000);
      } finally {
        done.set(true);
      }
      allocating.get();
    }
  }

  /** Allocates, keeps some of it for a while, and collects everything now and then. */
  private static void allocate(AtomicBoolean done) {
    List<float[]> kept = new ArrayList<>();
    for (int i = 0; !done.get(); i++) {
      kept.add(new float[1 << 14]);
      if (kept.size() == 1000) {
        kept.clear();
      }
      if (i % 2000 == 0) {
        System.gc();
      }
    }
  }
}
