package io.github.tornadovit.kernels.machinecode;

import static io.github.tornadovit.kernels.machinecode.Operand.Address.at;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.cpu.ScalarLoops;
import io.github.tornadovit.kernels.machinecode.Encoding.Label;
import io.github.tornadovit.kernels.machinecode.Operand.Constant;
import io.github.tornadovit.kernels.machinecode.Operand.Vector;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Multiply-adds on registers and nothing else: a yardstick for products, the same instructions
 * whatever a compiler makes of a loop in Java.
 *
 * <p>As a C function: {@code void peak(long steps, float *sums, byte *tiles)}. Math, for {@value
 * #CHAINS} vectors or {@value #TILES} tile registers of sums: each lane gets {@value #UNROLLED}
 * {@linkplain Form multiply-adds} more, {@code steps} times. In a shorter loop the processor starts
 * fewer of them at once, down to three quarters of its peak.
 */
public final class PeakLoop {
  /**
   * Independent sums: at most two multiply-adds begin per cycle and each takes four or five, so at
   * least ten; with the two factors they fit the 16 registers of AVX2.
   */
  static final int CHAINS = 12;

  /**
   * Independent tile registers of sums: a product begins every sixteen cycles and takes fifty-two.
   */
  private static final int TILES = 4;

  /** Lanes of 32 bits of a tile register. */
  private static final int TILE_LANES = Tile.ROWS * Tile.ROW_BYTES / Integer.BYTES;

  /** Multiply-adds to each sum in a step. */
  public static final int UNROLLED = 4;

  static final float FACTOR = 0.999f;
  static final float ADDEND = 1e-6f;

  /** How a lane of 32 bits multiplies and adds. */
  public enum Form {
    /** One product of float32 ({@code vfmadd}). */
    FMA(2, Float.floatToRawIntBits(FACTOR), Float.floatToRawIntBits(ADDEND)),
    /** Two products of bfloat16, summed in float32 ({@code vdpbf16ps}). */
    BF16_PAIRS(4, 0x3f80_3f80, 0x3f80_3f80),
    /** Four products of bytes, summed in an int ({@code vpdpbusd}). */
    INT8_QUADS(8, 0x0101_0101, 0x0101_0101),
    /** Two products of 16-bit integers, summed in an int ({@code vpmaddwd}, {@code vpaddd}). */
    INT16_PAIRS(4, 0x0001_0001, 0x0001_0001),
    /** 32 products of bfloat16, in a tile register ({@code tdpbf16ps}). */
    BF16_TILES(64, 0x3f80_3f80, 0x3f80_3f80),
    /** 64 products of bytes, in a tile register ({@code tdpbusd}). */
    INT8_TILES(128, 0x0101_0101, 0x0101_0101);

    private final int operations;
    private final int first;
    private final int second;

    Form(int operations, int first, int second) {
      this.operations = operations;
      this.first = first;
      this.second = second;
    }

    /** Additions and multiplications of a lane in a step. */
    int operations() {
      return operations;
    }

    /** Whether a processor has it. */
    boolean isIn(InstructionSet set, Set<String> processorFlags) {
      return switch (this) {
        case FMA, INT16_PAIRS -> true;
        case INT8_QUADS -> Int8Form.of(set, processorFlags) == Int8Form.QUADS;
        case BF16_PAIRS -> set.hasBf16(processorFlags);
        case BF16_TILES -> Amx.isIn(set, processorFlags, Precision.BF16);
        case INT8_TILES -> Amx.isIn(set, processorFlags, Precision.INT8);
      };
    }

    /** Whether its sums are in tile registers. */
    boolean isOfTiles() {
      return this == BF16_TILES || this == INT8_TILES;
    }

    /** Sums, lanes of 32 bits. */
    int sums(InstructionSet set) {
      return isOfTiles() ? TILES * TILE_LANES : CHAINS * set.lanes();
    }

    private void write(Assembler out, Tile sum, Tile x, Tile y) {
      if (this == BF16_TILES) {
        out.addBf16Pairs(sum, x, y);
      } else {
        out.addQuads(sum, x, y);
      }
    }

    private void write(Assembler out, Vector sum, Vector x, Vector y, Vector spare) {
      switch (this) {
        case FMA -> out.multiplyAdd(sum, x, y);
        case BF16_PAIRS -> out.addBf16Pairs(sum, x, y);
        case INT8_QUADS -> out.addQuads(sum, x, y);
        case INT16_PAIRS -> {
          out.multiplyPairs(spare, x, y);
          out.addInts(sum, sum, spare);
        }
        case BF16_TILES, INT8_TILES -> throw new IllegalStateException(this + " has no vectors");
      }
    }
  }

  /** Machine code is written and checked once, whatever it is then made of. */
  private static final class OfThisJvm {
    static final @Nullable InstructionSet SET =
        MachineCode.of(new ScalarLoops()).loops() instanceof MachineLoops loops
            ? loops.set()
            : null;
    static final Set<String> FLAGS = MachineCode.processorFlags();
  }

  private final Form form;
  private final InstructionSet set;
  private final MethodHandle function;
  private final MemorySegment tiles;

  private PeakLoop(InstructionSet set, Form form) {
    this.set = set;
    this.form = form;
    function = callable(CodeMemory.install(code(set, form)));
    tiles = MemorySegment.ofArray(tiles(form));
  }

  /** The loop, where machine code can be used and the processor has the instructions. */
  public static Optional<PeakLoop> of(Form form) {
    InstructionSet set = OfThisJvm.SET;
    return set != null
            && form.isIn(set, OfThisJvm.FLAGS)
            && (!form.isOfTiles() || Amx.isPermitted())
        ? Optional.of(new PeakLoop(set, form))
        : Optional.empty();
  }

  @SuppressWarnings("restricted") // Only for the code below, with sums that are all there.
  private static MethodHandle callable(MemorySegment code) {
    return Linker.nativeLinker()
        .downcallHandle(
            code,
            FunctionDescriptor.ofVoid(JAVA_LONG, ADDRESS, ADDRESS),
            Linker.Option.critical(true));
  }

  static byte[] code(InstructionSet set, Form form) {
    Assembler out = new Assembler(set);
    if (form.isOfTiles()) {
      writeTiles(out, form);
    } else {
      writeVectors(out, form);
    }
    return out.finish();
  }

  private static void writeVectors(Assembler out, Form form) {
    int bytes = out.set().bytes();
    Vector x = new Vector(CHAINS);
    Vector y = new Vector(CHAINS + 1);
    out.load(x, new Constant(form.first));
    out.load(y, new Constant(form.second));
    for (int chain = 0; chain < CHAINS; chain++) {
      out.load(new Vector(chain), at(Register.RSI, chain * bytes));
    }
    Label again = new Label();
    out.align(32);
    out.bind(again);
    for (int i = 0; i < UNROLLED * CHAINS; i++) {
      form.write(out, new Vector(i % CHAINS), x, y, new Vector(CHAINS + 2 + i % 2));
    }
    out.subtract(Register.RDI, 1);
    out.jumpIfNotZero(again);
    for (int chain = 0; chain < CHAINS; chain++) {
      out.store(at(Register.RSI, chain * bytes), new Vector(chain));
    }
    out.leave();
  }

  private static void writeTiles(Assembler out, Form form) {
    Register stride = Register.R8;
    Tile x = new Tile(TILES);
    Tile y = new Tile(TILES + 1);
    out.shapeTiles(at(Register.RDX, 0));
    out.and(stride, 0);
    out.add(stride, Tile.ROW_BYTES);
    out.loadTile(x, at(Register.RDX, stride, 1, Tile.SHAPE_BYTES));
    out.loadTile(y, at(Register.RDX, stride, 1, Tile.SHAPE_BYTES));
    for (int tile = 0; tile < TILES; tile++) {
      out.loadTile(new Tile(tile), at(Register.RSI, stride, 1, tile * TILE_LANES * Integer.BYTES));
    }
    Label again = new Label();
    out.align(32);
    out.bind(again);
    for (int i = 0; i < UNROLLED * TILES; i++) {
      form.write(out, new Tile(i % TILES), x, y);
    }
    out.subtract(Register.RDI, 1);
    out.jumpIfNotZero(again);
    for (int tile = 0; tile < TILES; tile++) {
      out.storeTile(at(Register.RSI, stride, 1, tile * TILE_LANES * Integer.BYTES), new Tile(tile));
    }
    out.releaseTiles();
    out.leave();
  }

  /**
   * Shapes of all registers, and behind them a register of factors; nothing reads it for vectors.
   */
  static byte[] tiles(Form form) {
    byte[] tiles = new byte[Tile.SHAPE_BYTES + TILE_LANES * Integer.BYTES];
    for (int tile = 0; tile < TILES + 2; tile++) {
      new Tile(tile).shape(tiles, 0, Tile.ROWS);
    }
    for (int i = Tile.SHAPE_BYTES; i < tiles.length; i++) {
      tiles[i] = (byte) (form.first >> (i % Integer.BYTES * Byte.SIZE));
    }
    return tiles;
  }

  /** What it is made of. */
  public String label() {
    return form.isOfTiles() ? "AMX" : set.label();
  }

  /** Sums that a call goes on with; of integers, their bits. */
  public float[] newSums() {
    return new float[form.sums(set)];
  }

  /** Additions and multiplications of a step. */
  public int operations() {
    return UNROLLED * form.sums(set) * form.operations();
  }

  /** Steps that take some 50 microseconds. */
  public int stepsOfTask() {
    return form.isOfTiles() ? 500 : 6_000;
  }

  /**
   * Does so many steps, each {@value #UNROLLED} multiply-adds to every sum. Garbage collection
   * waits for it: {@link #stepsOfTask()} at most, please.
   *
   * @param sums as {@link #newSums} made them; what the last call left
   * @throws IllegalArgumentException if there is no step to do, or the sums are too few
   */
  public void run(int steps, float[] sums) {
    if (steps < 1 || sums.length < form.sums(set)) {
      throw new IllegalArgumentException(
          "%d steps on %d sums, expected at least 1 on %d"
              .formatted(steps, sums.length, form.sums(set)));
    }
    try {
      function.invokeExact((long) steps, MemorySegment.ofArray(sums), tiles);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e); // The code throws nothing.
    }
  }
}
