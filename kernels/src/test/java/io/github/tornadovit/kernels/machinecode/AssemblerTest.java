package io.github.tornadovit.kernels.machinecode;

import static io.github.tornadovit.kernels.machinecode.AssemblerListing.name;
import static io.github.tornadovit.kernels.machinecode.AssemblerListing.text;
import static io.github.tornadovit.kernels.machinecode.Operand.Address.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.kernels.machinecode.Operand.Address;
import io.github.tornadovit.kernels.machinecode.Operand.Constant;
import io.github.tornadovit.kernels.machinecode.Operand.Vector;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every instruction, with registers that need every bit of its prefixes, read back by objdump. */
class AssemblerTest {
  /** Numbers that set and clear each bit; 5 and 13 mean something else in a memory operand. */
  private static final int[] FIRST_SIXTEEN = {0, 5, 7, 8, 13, 15};

  private static final int[] THIRTY_TWO = {0, 5, 7, 8, 13, 15, 16, 23, 31};
  private static final int[] DISPLACEMENTS = {0, 1, -1, 64, -128, 4096, Integer.MAX_VALUE};
  private static final int[] IMMEDIATES = {1, 3, 127, 128, 4096, Integer.MAX_VALUE};

  private static final List<Constant> CONSTANTS =
      List.of(Constant.of(1), new Constant(0x7fffffff), Constant.of(0), Constant.of(-0f));

  /** A method {@code (to, x, y)}. */
  private interface Three {
    void write(Assembler out, Vector to, Vector x, Operand y);
  }

  /** A method of two operands. */
  private interface Two<A, B> {
    void write(Assembler out, A first, B second);
  }

  private static int[] numbers(InstructionSet set) {
    return set == InstructionSet.AVX2 ? FIRST_SIXTEEN : THIRTY_TWO;
  }

  /** The letter of a set's vector registers. */
  private static String letter(InstructionSet set) {
    return set == InstructionSet.AVX2 ? "y" : "z";
  }

  /** Every base, every index and scale, all displacements. */
  private static List<Address> everyAddress() {
    List<Address> addresses = new ArrayList<>();
    for (int displacement : DISPLACEMENTS) {
      for (Register base : Register.values()) {
        addresses.add(at(base, displacement));
        for (Register index : Register.values()) {
          for (int scale = 1; scale <= 8 && index != Register.RSP; scale *= 2) {
            addresses.add(at(base, index, scale, displacement));
          }
        }
      }
    }
    addresses.add(at(Register.RDI, Integer.MIN_VALUE));
    return addresses;
  }

  /** One for each combination of prefix bits and of ways to encode it. */
  private static List<Address> fewAddresses() {
    return List.of(
        at(Register.RDI, 0),
        at(Register.R8, -64),
        at(Register.RSP, 16),
        at(Register.RAX, Register.R11, 8, 4),
        at(Register.R10, Register.RCX, 2, 1000),
        at(Register.R9, Register.R9, 4, -1000),
        at(Register.RSP, Register.RSI, 1, 0));
  }

  private static void three(
      AssemblerListing listing,
      String method,
      Three writer,
      String name,
      String letter,
      int[] numbers) {
    for (int to : numbers) {
      for (int x : numbers) {
        for (int y : numbers) {
          three(listing, method, writer, name, letter, to, x, new Vector(y));
        }
        for (Address y : fewAddresses()) {
          three(listing, method, writer, name, letter, to, x, y);
        }
        for (Constant y : CONSTANTS) {
          three(listing, method, writer, name, letter, to, x, y);
        }
      }
    }
    for (Address y : everyAddress()) {
      three(listing, method, writer, name, letter, 3, 9, y);
    }
  }

  private static void three(
      AssemblerListing listing,
      String method,
      Three writer,
      String name,
      String letter,
      int to,
      int x,
      Operand y) {
    Vector target = new Vector(to);
    Vector first = new Vector(x);
    listing.add(
        method,
        out -> writer.write(out, target, first, y),
        "%s %s,%s,%s".formatted(name, text(target, letter), text(first, letter), text(y, letter)));
  }

  private static void wholeVectors(AssemblerListing listing) {
    InstructionSet set = listing.set();
    String letter = letter(set);
    int[] numbers = numbers(set);
    boolean wide = set == InstructionSet.AVX512;
    three(listing, "add", Assembler::add, "vaddps", letter, numbers);
    three(listing, "subtract", Assembler::subtract, "vsubps", letter, numbers);
    three(listing, "multiply", Assembler::multiply, "vmulps", letter, numbers);
    three(listing, "divide", Assembler::divide, "vdivps", letter, numbers);
    three(listing, "max", Assembler::max, "vmaxps", letter, numbers);
    // 231: the second factor times the third operand, added to the first; 213: the first factor is
    // overwritten with the second times it, plus the third.
    three(listing, "multiplyAdd", Assembler::multiplyAdd, "vfmadd231ps", letter, numbers);
    three(
        listing, "multiplySubtract", Assembler::multiplySubtract, "vfnmadd231ps", letter, numbers);
    three(listing, "timesPlus", Assembler::timesPlus, "vfmadd213ps", letter, numbers);
    three(listing, "and", Assembler::and, wide ? "vpandd" : "vpand", letter, numbers);
    three(listing, "addInts", Assembler::addInts, "vpaddd", letter, numbers);
    for (int to : numbers) {
      Vector target = new Vector(to);
      for (int number : numbers) {
        Vector from = new Vector(number);
        two(listing, "load", Assembler::load, "vmovups", target, from, letter, letter);
        two(listing, "broadcast", Assembler::broadcast, "vbroadcastss", target, from, letter, "s");
        for (int bits : new int[] {0, 1, 23, 31}) {
          listing.add(
              "shiftIntsLeft",
              out -> out.shiftIntsLeft(target, from, bits),
              "vpslld %s,%s,0x%x".formatted(text(target, letter), text(from, letter), bits));
        }
      }
      for (Operand from : fewAddresses()) {
        two(listing, "load", Assembler::load, "vmovups", target, from, letter, letter);
        two(listing, "broadcast", Assembler::broadcast, "vbroadcastss", target, from, letter, "s");
      }
      for (Operand from : CONSTANTS) {
        two(listing, "load", Assembler::load, "vmovups", target, from, letter, letter);
        two(listing, "broadcast", Assembler::broadcast, "vbroadcastss", target, from, letter, "s");
      }
      for (Address address : fewAddresses()) {
        two(listing, "store", Assembler::store, "vmovups", address, target, letter, letter);
      }
    }
    for (Address address : everyAddress()) {
      two(listing, "store", Assembler::store, "vmovups", address, new Vector(11), letter, letter);
    }
  }

  private static void vectorsOfIntegers(AssemblerListing listing) {
    InstructionSet set = listing.set();
    String letter = letter(set);
    int[] numbers = numbers(set);
    boolean wide = set == InstructionSet.AVX512;
    three(listing, "min", Assembler::min, "vminps", letter, numbers);
    three(listing, "subtractInts", Assembler::subtractInts, "vpsubd", letter, numbers);
    three(listing, "multiplyInts", Assembler::multiplyInts, "vpmulld", letter, numbers);
    three(listing, "minInts", Assembler::minInts, "vpminsd", letter, numbers);
    three(listing, "maxInts", Assembler::maxInts, "vpmaxsd", letter, numbers);
    three(listing, "multiplyPairs", Assembler::multiplyPairs, "vpmaddwd", letter, numbers);
    String quads = wide ? "vpdpbusd" : "{vex} vpdpbusd";
    three(listing, "addQuads", Assembler::addQuads, quads, letter, numbers);
    if (wide) {
      three(listing, "addBf16Pairs", Assembler::addBf16Pairs, "vdpbf16ps", letter, numbers);
    }
    three(listing, "interleaveLow", Assembler::interleaveLow, "vunpcklps", letter, numbers);
    three(listing, "interleaveHigh", Assembler::interleaveHigh, "vunpckhps", letter, numbers);
    String half = wide ? "y" : "x";
    for (int to : numbers) {
      Vector target = new Vector(to);
      selections(listing, target, numbers);
      for (Address from : fewAddresses()) {
        two(listing, "widenWords", Assembler::widenWords, "vpmovzxwd", target, from, letter, half);
      }
      listing.add(
          "clear", out -> out.clear(target), "vpsubd %s,%1$s,%1$s".formatted(text(target, letter)));
      for (Address from : fewAddresses()) {
        two(listing, "widenBytes", Assembler::widenBytes, "vpmovsxbw", target, from, letter, half);
      }
      for (int number : numbers) {
        Vector from = new Vector(number);
        two(listing, "toFloats", Assembler::toFloats, "vcvtdq2ps", target, from, letter, letter);
        two(listing, "toInts", Assembler::toInts, "vcvtps2dq", target, from, letter, letter);
        for (Address address : fewAddresses()) {
          narrowed(listing, address, target, from);
        }
      }
    }
  }

  /** Of two vectors, by an immediate. */
  private static void selections(AssemblerListing listing, Vector to, int[] numbers) {
    String letter = letter(listing.set());
    for (int x : numbers) {
      for (int y : numbers) {
        Vector first = new Vector(x);
        Vector second = new Vector(y);
        String operands =
            "%s,%s,%s,0x%x"
                .formatted(text(to, letter), text(first, letter), text(second, letter), 0xd8);
        listing.add("select", out -> out.select(to, first, second, 0xd8), "vshufps " + operands);
        if (listing.set() == InstructionSet.AVX512) {
          listing.add(
              "select4", out -> out.select4(to, first, second, 0xd8), "vshuff32x4 " + operands);
        }
      }
    }
  }

  private static void narrowed(AssemblerListing listing, Address to, Vector from, Vector spare) {
    int x = from.number();
    if (listing.set() == InstructionSet.AVX512) {
      String operands = "WORD PTR %s,zmm%d".formatted(text(to), x);
      listing.add(
          "storeAsWords", out -> out.storeAsWords(to, from, spare), "vpmovdw YMM" + operands);
      listing.add(
          "storeAsBytes", out -> out.storeAsBytes(to, from, spare), "vpmovdb XMM" + operands);
      if (spare.number() < 16) {
        String half = "ymm" + spare.number();
        listing.add(
            "storeAsBf16",
            out -> out.storeAsBf16(to, from, spare),
            "vcvtneps2bf16 %s,zmm%d".formatted(half, x));
        listing.then(6, "vmovups YMMWORD PTR %s,%s".formatted(text(to), half));
      }
      return;
    }
    String extract = "vextracti128 xmm%d,ymm%d,0x1".formatted(spare.number(), x);
    String pack = "vpackssdw xmm%d,xmm%1$d,xmm%d".formatted(x, spare.number());
    listing.add("storeAsWords", out -> out.storeAsWords(to, from, spare), extract);
    listing.then(6, pack);
    listing.then(5, "vmovups XMMWORD PTR %s,xmm%d".formatted(text(to), x));
    listing.add("storeAsBytes", out -> out.storeAsBytes(to, from, spare), extract);
    listing.then(6, pack);
    listing.then(5, "vpackuswb xmm%d,xmm%1$d,xmm%1$d".formatted(x));
    listing.then(5, "vmovq QWORD PTR %s,xmm%d".formatted(text(to), x));
  }

  private static <A extends Operand, B extends Operand> void two(
      AssemblerListing listing,
      String method,
      Two<A, B> writer,
      String name,
      A first,
      B second,
      String firstLetter,
      String secondLetter) {
    listing.add(
        method,
        out -> writer.write(out, first, second),
        "%s %s,%s".formatted(name, text(first, firstLetter), text(second, secondLetter)));
  }

  private static void selections(AssemblerListing listing) {
    InstructionSet set = listing.set();
    for (int to : numbers(set)) {
      for (int by : numbers(set)) {
        for (int positive : numbers(set)) {
          for (int negative : numbers(set)) {
            Consumer<Assembler> writer =
                out ->
                    out.selectBySign(
                        new Vector(to), new Vector(by), new Vector(positive), new Vector(negative));
            // Both take the last value where the condition holds: the sign bit is set.
            if (set == InstructionSet.AVX2) {
              listing.add(
                  "selectBySign",
                  writer,
                  "vblendvps ymm%d,ymm%d,ymm%d,ymm%d".formatted(to, positive, negative, by));
            } else {
              listing.add("selectBySign", writer, "vpmovd2m k1,zmm" + by);
              listing.then(6, "vblendmps zmm%d{k1},zmm%d,zmm%d".formatted(to, positive, negative));
            }
          }
        }
      }
    }
  }

  private static void parts(AssemblerListing listing) {
    three(listing, "add1", Assembler::add1, "vaddss", "s", FIRST_SIXTEEN);
    three(listing, "max1", Assembler::max1, "vmaxss", "s", FIRST_SIXTEEN);
    three(listing, "divide1", Assembler::divide1, "vdivss", "s", FIRST_SIXTEEN);
    for (int to : FIRST_SIXTEEN) {
      Vector target = new Vector(to);
      for (int x : FIRST_SIXTEEN) {
        listing.add(
            "squareRoot1",
            out -> out.squareRoot1(target, new Vector(x)),
            "vsqrtss xmm%d,xmm%d,xmm%d".formatted(to, to, x));
        for (Address y : fewAddresses()) {
          String operands = "xmm%d,xmm%d,XMMWORD PTR %s".formatted(to, x, text(y));
          listing.add("add4", out -> out.add4(target, new Vector(x), y), "vaddps " + operands);
          listing.add("max4", out -> out.max4(target, new Vector(x), y), "vmaxps " + operands);
        }
      }
      for (Address address : to == 13 ? everyAddress() : fewAddresses()) {
        two(listing, "load4", Assembler::load4, "vmovups", target, address, "x", "x");
        two(listing, "store4", Assembler::store4, "vmovups", address, target, "x", "x");
      }
    }
  }

  private static void integers(AssemblerListing listing) {
    for (Register to : Register.values()) {
      String target = name(to);
      for (Register from : Register.values()) {
        String operands = target + "," + name(from);
        listing.add("move", out -> out.move(to, from), "mov " + operands);
        listing.add("add", out -> out.add(to, from), "add " + operands);
      }
      boolean one = to == Register.RDX || to == Register.R10;
      for (Address address : one ? everyAddress() : fewAddresses()) {
        String place = target + ",%s" + text(address);
        listing.add("load", out -> out.load(to, address), "mov " + place.formatted("QWORD PTR "));
        listing.add("address", out -> out.address(to, address), "lea " + place.formatted(""));
      }
      for (int value : IMMEDIATES) {
        String operands = "%s,0x%x".formatted(target, value);
        listing.add("add", out -> out.add(to, value), "add " + operands);
        listing.add("subtract", out -> out.subtract(to, value), "sub " + operands);
        listing.add("and", out -> out.and(to, value), "and " + operands);
      }
      // An immediate is extended to 64 bits with its sign.
      String minusTwo = target + ",0xfffffffffffffffe";
      listing.add("add", out -> out.add(to, -2), "add " + minusTwo);
      listing.add("subtract", out -> out.subtract(to, -2), "sub " + minusTwo);
      listing.add("and", out -> out.and(to, -2), "and " + minusTwo);
      for (int bits : new int[] {1, 2, 31, 63}) {
        listing.add(
            "shiftRight", out -> out.shiftRight(to, bits), "shr %s,0x%x".formatted(target, bits));
      }
      listing.add("test", out -> out.test(to), "test %s,%s".formatted(target, target));
    }
    for (Address address : everyAddress()) {
      listing.add("prefetch", out -> out.prefetch(address), "prefetcht1 BYTE PTR " + text(address));
    }
    listing.add("leave", Assembler::leave, "vzeroupper");
    listing.then(3, "ret");
  }

  private static void tiles(AssemblerListing listing) {
    listing.add("releaseTiles", Assembler::releaseTiles, "tilerelease");
    for (Address address : everyAddress()) {
      listing.add("shapeTiles", out -> out.shapeTiles(address), "ldtilecfg " + text(address));
      if (address.index() != null) {
        Tile tile = new Tile(Math.floorMod(address.displacement(), Tile.COUNT));
        String load = "tileloadd tmm%d,%s".formatted(tile.number(), text(address));
        String store = "tilestored %s,tmm%d".formatted(text(address), tile.number());
        listing.add("loadTile", out -> out.loadTile(tile, address), load);
        listing.add("storeTile", out -> out.storeTile(address, tile), store);
      }
    }
    for (int to = 0; to < Tile.COUNT; to++) {
      for (int x = 0; x < Tile.COUNT; x++) {
        for (int y = 0; y < Tile.COUNT; y++) {
          Tile sums = new Tile(to);
          Tile left = new Tile(x);
          Tile right = new Tile(y);
          if (to != x && to != y && x != y) {
            String operands = "tmm%d,tmm%d,tmm%d".formatted(to, x, y);
            listing.add("addQuads", out -> out.addQuads(sums, left, right), "tdpbusd " + operands);
            listing.add(
                "addBf16Pairs",
                out -> out.addBf16Pairs(sums, left, right),
                "tdpbf16ps " + operands);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void wholeVectorsReadAsMeant(InstructionSet set) {
    AssemblerListing listing = new AssemblerListing(set);
    wholeVectors(listing);
    listing.check();
  }

  @ParameterizedTest
  @EnumSource
  void vectorsOfIntegersReadAsMeant(InstructionSet set) {
    AssemblerListing listing = new AssemblerListing(set);
    vectorsOfIntegers(listing);
    listing.check();
  }

  @ParameterizedTest
  @EnumSource
  void selectionsReadAsMeant(InstructionSet set) {
    AssemblerListing listing = new AssemblerListing(set);
    selections(listing);
    listing.check();
  }

  @ParameterizedTest
  @EnumSource
  void partsReadAsMeant(InstructionSet set) {
    AssemblerListing listing = new AssemblerListing(set);
    parts(listing);
    listing.check();
  }

  @ParameterizedTest
  @EnumSource
  void integersReadAsMeant(InstructionSet set) {
    AssemblerListing listing = new AssemblerListing(set);
    integers(listing);
    listing.check();
  }

  @Test
  void tilesReadAsMeant() {
    AssemblerListing listing = new AssemblerListing(InstructionSet.AVX512);
    tiles(listing);
    listing.check();
  }

  /** A method without a test here would be one that nobody compared with the manual. */
  @Test
  void knowsEveryMethod() {
    AssemblerListing listing = new AssemblerListing(InstructionSet.AVX512);
    wholeVectors(listing);
    vectorsOfIntegers(listing);
    selections(listing);
    parts(listing);
    integers(listing);
    tiles(listing);
    Set<String> known = new HashSet<>(listing.methods());
    known.addAll(List.of("jumpIfZero", "jumpIfNotZero"));
    Set<String> all = new HashSet<>();
    for (Method method : Assembler.class.getDeclaredMethods()) {
      if (!Modifier.isPrivate(method.getModifiers()) && !method.isSynthetic()) {
        all.add(method.getName());
      }
    }
    assertThat(known).isEqualTo(all);
  }
}
