package io.github.tornadovit.kernels.machinecode;

import io.github.tornadovit.base.Precision;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All functions of an instruction set in one piece of code, which may lie anywhere in memory. */
final class Routines {
  /**
   * A function of {@link RowCode}, {@link EncodeCode}, {@link ArrangeCode} or {@link
   * Int8FinishCode}.
   */
  enum Entry {
    GELU,
    SOFTMAX,
    SOFTMAX_BIASED,
    NORMALISE,
    INT8_RANGE,
    INT8_CODES,
    INT8_FINISH,
    BF16_CODES,
    BF16_SOFTMAX,
    BF16_TRANSPOSE,
    BF16_INTERLEAVE,
    STORE,
    STORE_SCALED,
    STORE_ADDED,
    STORE_SCALED_ADDED
  }

  /** Functions of AVX-512 alone. */
  private static final Set<Entry> WIDE =
      Set.of(
          Entry.BF16_CODES,
          Entry.BF16_SOFTMAX,
          Entry.BF16_TRANSPOSE,
          Entry.BF16_INTERLEAVE,
          Entry.INT8_FINISH);

  /** Functions begin on whole cache lines. */
  private static final int ALIGNMENT = 64;

  private final InstructionSet set;
  private final byte[] code;
  private final Int8Form int8;
  private final List<Integer> tiles = new ArrayList<>();
  private final List<Integer> int8Tiles = new ArrayList<>();
  private final List<Integer> bf16Tiles = new ArrayList<>();
  private final Map<Precision, Integer> amxTiles = new EnumMap<>(Precision.class);
  private final Map<Entry, Integer> entries = new EnumMap<>(Entry.class);

  /** Writes the functions. */
  Routines(InstructionSet set, Int8Form int8) {
    this.set = set;
    this.int8 = int8;
    Assembler out = new Assembler(set);
    for (int rows = 1; rows <= TileCode.ROWS; rows++) {
      out.align(ALIGNMENT);
      tiles.add(out.position());
      FloatTileCode.write(out, rows);
    }
    for (int rows = 1; rows <= TileCode.ROWS; rows++) {
      out.align(ALIGNMENT);
      int8Tiles.add(out.position());
      Int8TileCode.write(out, int8, rows);
    }
    for (int rows = 1; set == InstructionSet.AVX512 && rows <= TileCode.ROWS; rows++) {
      out.align(ALIGNMENT);
      bf16Tiles.add(out.position());
      FloatTileCode.writeBf16(out, rows);
    }
    if (set == InstructionSet.AVX512) {
      for (Precision precision : List.of(Precision.INT8, Precision.BF16)) {
        out.align(ALIGNMENT);
        amxTiles.put(precision, out.position());
        AmxTileCode.write(out, precision);
      }
    }
    RowCode rowCode = new RowCode(out);
    ArrangeCode arrangeCode = new ArrangeCode(out);
    EncodeCode encodeCode = new EncodeCode(out);
    for (Entry entry : Entry.values()) {
      if (WIDE.contains(entry) && set != InstructionSet.AVX512) {
        continue;
      }
      out.align(ALIGNMENT);
      entries.put(entry, out.position());
      switch (entry) {
        case GELU -> rowCode.gelu();
        case SOFTMAX -> rowCode.softmax(false);
        case SOFTMAX_BIASED -> rowCode.softmax(true);
        case NORMALISE -> rowCode.normalise();
        case INT8_RANGE -> encodeCode.range();
        case INT8_CODES -> encodeCode.codes(int8);
        case INT8_FINISH -> Int8FinishCode.write(out);
        case BF16_CODES -> encodeCode.bf16();
        case BF16_SOFTMAX -> rowCode.softmaxBf16();
        case BF16_TRANSPOSE -> arrangeCode.transpose();
        case BF16_INTERLEAVE -> arrangeCode.interleave();
        case STORE -> rowCode.store(false, false);
        case STORE_SCALED -> rowCode.store(true, false);
        case STORE_ADDED -> rowCode.store(false, true);
        case STORE_SCALED_ADDED -> rowCode.store(true, true);
      }
    }
    code = out.finish();
  }

  /** What they are made of. */
  InstructionSet set() {
    return set;
  }

  /** How they multiply codes. */
  Int8Form int8() {
    return int8;
  }

  /** A copy of the code. */
  byte[] code() {
    return code.clone();
  }

  /** Where the function for a tile of so many rows begins, in bytes. */
  int tile(int rows) {
    return tiles.get(rows - 1);
  }

  /** Where the function for an int8 tile of so many rows begins, in bytes. */
  int int8Tile(int rows) {
    return int8Tiles.get(rows - 1);
  }

  /** Where the function for a tile of bfloat16 of so many rows begins, in bytes; AVX-512 only. */
  int bf16Tile(int rows) {
    return bf16Tiles.get(rows - 1);
  }

  /** Where the function of tiles in AMX's registers begins, in bytes; AVX-512 only. */
  int amxTiles(Precision precision) {
    return amxTiles.getOrDefault(precision, -1);
  }

  /** Where a function begins, in bytes. */
  int at(Entry entry) {
    return entries.getOrDefault(entry, -1);
  }
}
