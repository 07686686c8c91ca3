package io.github.tornadovit.kernels.machinecode;

import static io.github.tornadovit.kernels.machinecode.Operand.Address.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.kernels.machinecode.Encoding.Label;
import io.github.tornadovit.kernels.machinecode.Operand.Address;
import io.github.tornadovit.kernels.machinecode.Operand.Constant;
import io.github.tornadovit.kernels.machinecode.Operand.Vector;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
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

  private static String name(Register register) {
    return register.name().toLowerCase(Locale.ROOT);
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

  private static String text(Address address) {
    int displacement = address.displacement();
    return "[%s%s%s0x%x]"
        .formatted(
            name(address.base()),
            address.index() == null ? "" : "+" + name(address.index()) + "*" + address.scale(),
            displacement < 0 ? "-" : "+",
            Math.abs((long) displacement));
  }

  /** How objdump shows an operand: of a register of so many bits, or memory of that size. */
  private static String text(Operand operand, String letter) {
    String size =
        switch (letter) {
          case "z" -> "ZMMWORD";
          case "y" -> "YMMWORD";
          case "x" -> "XMMWORD";
          default -> "DWORD";
        };
    return switch (operand) {
      case Vector vector -> (letter.equals("s") ? "x" : letter) + "mm" + vector.number();
      case Address address -> size + " PTR " + text(address);
      case Constant constant -> size + " PTR [constant %08x]".formatted(constant.bits());
    };
  }

  /** What was written and what it should read. */
  private static final class Listing {
    private final Assembler out;
    private final List<Disassembly.Instruction> expected = new ArrayList<>();
    private final Set<String> methods = new HashSet<>();

    Listing(InstructionSet set) {
      out = new Assembler(set);
    }

    void add(String method, Consumer<Assembler> writer, String text) {
      methods.add(method);
      expected.add(new Disassembly.Instruction(out.position(), text));
      writer.accept(out);
    }

    /** Another instruction of the method before, so many bytes behind its beginning. */
    void then(int bytes, String text) {
      int position = expected.getLast().position() + bytes;
      expected.add(new Disassembly.Instruction(position, text));
    }

    void check() {
      int end = out.position();
      byte[] code = out.finish();
      List<Disassembly.Instruction> read =
          Disassembly.of(code).stream().filter(one -> one.position() < end).toList();
      for (int i = 0; i < Math.min(read.size(), expected.size()); i++) {
        Disassembly.Instruction one = read.get(i);
        assertThat(
                new Disassembly.Instruction(one.position(), withConstants(one.text(), code, end)))
            .isEqualTo(expected.get(i));
      }
      assertThat(read).hasSameSizeAs(expected);
    }

    /** With what the code holds in place of where. */
    private String withConstants(String text, byte[] code, int end) {
      int from = text.indexOf("PTR [0x");
      if (from < 0) {
        return text;
      }
      int position = Integer.parseInt(text.substring(from + 7, text.indexOf(']', from)), 16);
      int bytes = out.set().bytes();
      assertThat(position).isBetween(end, code.length - bytes);
      assertThat(position % bytes).isZero();
      String bits = bits(code, position);
      for (int at = position; at < position + bytes; at += Float.BYTES) {
        assertThat(bits(code, at)).isEqualTo(bits);
      }
      return text.substring(0, from) + "PTR [constant " + bits + "]";
    }

    /** A little-endian int, in hexadecimal. */
    private static String bits(byte[] code, int at) {
      return "%02x%02x%02x%02x".formatted(code[at + 3], code[at + 2], code[at + 1], code[at]);
    }
  }

  private static void three(
      Listing listing, String method, Three writer, String name, String letter, int[] numbers) {
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
      Listing listing,
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

  private static void wholeVectors(Listing listing) {
    InstructionSet set = listing.out.set();
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

  private static void vectorsOfIntegers(Listing listing) {
    InstructionSet set = listing.out.set();
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
    String half = wide ? "y" : "x";
    for (int to : numbers) {
      Vector target = new Vector(to);
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

  private static void narrowed(Listing listing, Address to, Vector from, Vector spare) {
    int x = from.number();
    if (listing.out.set() == InstructionSet.AVX512) {
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
      Listing listing,
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

  private static void selections(Listing listing) {
    InstructionSet set = listing.out.set();
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

  private static void parts(Listing listing) {
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

  private static void integers(Listing listing) {
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

  private static void tiles(Listing listing) {
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
    Listing listing = new Listing(set);
    wholeVectors(listing);
    listing.check();
  }

  @ParameterizedTest
  @EnumSource
  void vectorsOfIntegersReadAsMeant(InstructionSet set) {
    Listing listing = new Listing(set);
    vectorsOfIntegers(listing);
    listing.check();
  }

  @ParameterizedTest
  @EnumSource
  void selectionsReadAsMeant(InstructionSet set) {
    Listing listing = new Listing(set);
    selections(listing);
    listing.check();
  }

  @ParameterizedTest
  @EnumSource
  void partsReadAsMeant(InstructionSet set) {
    Listing listing = new Listing(set);
    parts(listing);
    listing.check();
  }

  @ParameterizedTest
  @EnumSource
  void integersReadAsMeant(InstructionSet set) {
    Listing listing = new Listing(set);
    integers(listing);
    listing.check();
  }

  @Test
  void tilesReadAsMeant() {
    Listing listing = new Listing(InstructionSet.AVX512);
    tiles(listing);
    listing.check();
  }

  @ParameterizedTest
  @EnumSource
  void jumpsLeadToTheirLabels(InstructionSet set) {
    Assembler out = new Assembler(set);
    Label start = new Label();
    Label middle = new Label();
    Label end = new Label();
    out.bind(start);
    out.jumpIfZero(middle);
    out.jumpIfNotZero(end);
    out.jumpIfNotZero(start);
    out.bind(middle);
    out.load(new Vector(1), Constant.of(1));
    int behind = out.position();
    out.jumpIfZero(start);
    out.jumpIfZero(middle);
    out.align(16);
    int aligned = out.position();
    out.bind(end);
    out.leave();
    List<String> read =
        Disassembly.of(out.finish()).stream()
            .map(one -> "%x %s".formatted(one.position(), one.text()))
            .filter(line -> line.contains(" j") || line.endsWith(" ret"))
            .toList();
    // A jump takes six bytes.
    assertThat(aligned).isEqualTo(Math.ceilDiv(behind + 12, 16) * 16);
    assertThat(read.subList(0, 6))
        .containsExactly(
            "0 je 0x12",
            "6 jne 0x%x".formatted(aligned),
            "c jne 0x0",
            "%x je 0x0".formatted(behind),
            "%x je 0x12".formatted(behind + 6),
            "%x ret".formatted(aligned + 3));
  }

  @Test
  void aConstantIsKeptOnce() {
    Assembler out = new Assembler(InstructionSet.AVX2);
    out.load(new Vector(0), Constant.of(2));
    out.load(new Vector(1), Constant.of(2));
    out.load(new Vector(2), Constant.of(3));
    int end = out.position();
    assertThat(out.finish()).hasSize(Math.ceilDiv(end, 32) * 32 + 2 * 32);
  }

  @Test
  void fillsUpWithInstructionsThatDoNothing() {
    Assembler out = new Assembler(InstructionSet.AVX512);
    out.test(Register.RAX);
    out.align(64);
    assertThat(out.position()).isEqualTo(64);
    out.align(64);
    assertThat(out.position()).isEqualTo(64);
    byte[] code = out.finish();
    assertThat(Arrays.copyOfRange(code, 3, 64)).containsOnly(0x90);
  }

  @Test
  void refusesWhatHasNoEncoding() {
    Vector high = new Vector(16);
    Vector low = new Vector(15);
    Assembler narrow = new Assembler(InstructionSet.AVX2);
    refused(() -> narrow.add(high, low, low));
    refused(() -> narrow.add(low, high, low));
    refused(() -> narrow.add(low, low, high));
    refused(() -> narrow.load(high, at(Register.RAX, 0)));
    refused(() -> narrow.store(at(Register.RAX, 0), high));
    refused(() -> narrow.shiftIntsLeft(high, low, 1));
    refused(() -> narrow.selectBySign(low, high, low, low));
    // Parts of vectors are VEX in both sets.
    Assembler wide = new Assembler(InstructionSet.AVX512);
    refused(() -> wide.load4(high, at(Register.RAX, 0)));
    refused(() -> wide.add1(low, high, low));
    refused(() -> wide.squareRoot1(low, high));
    assertThat(narrow.position()).isZero();
    assertThat(wide.position()).isZero();
  }

  private static void refused(Runnable write) {
    assertThatThrownBy(write::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("VEX has no register above 15");
  }

  @Test
  void refusesAddressesThatThereAreNot() {
    assertThatThrownBy(() -> at(Register.RAX, Register.RSP, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("RSP");
    for (int scale : new int[] {-8, 0, 3, 5, 16, Integer.MIN_VALUE}) {
      assertThatThrownBy(() -> at(Register.RAX, Register.RCX, scale, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("times " + scale);
    }
  }

  @Test
  void refusesTilesThatThereAreNot() {
    Assembler out = new Assembler(InstructionSet.AVX512);
    for (int number : new int[] {-1, 8}) {
      assertThatThrownBy(() -> new Tile(number))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("there is no tile register " + number);
    }
    assertThatThrownBy(() -> out.loadTile(new Tile(0), at(Register.RAX, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rows of a tile without a stride");
    assertThat(out.position()).isZero();
  }

  @Test
  void refusesAJumpToNowhere() {
    Assembler out = new Assembler(InstructionSet.AVX2);
    out.jumpIfZero(new Label());
    assertThatThrownBy(out::finish)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not bound");
  }

  /** A method without a test here would be one that nobody compared with the manual. */
  @Test
  void knowsEveryMethod() {
    Listing listing = new Listing(InstructionSet.AVX512);
    wholeVectors(listing);
    vectorsOfIntegers(listing);
    selections(listing);
    parts(listing);
    integers(listing);
    tiles(listing);
    Set<String> known = new HashSet<>(listing.methods);
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
