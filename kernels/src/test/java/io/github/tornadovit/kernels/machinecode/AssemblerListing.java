package io.github.tornadovit.kernels.machinecode;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.kernels.machinecode.Operand.Address;
import io.github.tornadovit.kernels.machinecode.Operand.Constant;
import io.github.tornadovit.kernels.machinecode.Operand.Vector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/** What was written and what it should read. */
final class AssemblerListing {
  private final Assembler out;
  private final List<Disassembly.Instruction> expected = new ArrayList<>();
  private final Set<String> methods = new HashSet<>();

  AssemblerListing(InstructionSet set) {
    out = new Assembler(set);
  }

  /** Of the assembler. */
  InstructionSet set() {
    return out.set();
  }

  /** The methods that were called. */
  Set<String> methods() {
    return methods;
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

  /** Fails if objdump reads anything else. */
  void check() {
    int end = out.position();
    byte[] code = out.finish();
    List<Disassembly.Instruction> read =
        Disassembly.of(code).stream().filter(one -> one.position() < end).toList();
    for (int i = 0; i < Math.min(read.size(), expected.size()); i++) {
      Disassembly.Instruction one = read.get(i);
      assertThat(new Disassembly.Instruction(one.position(), withConstants(one.text(), code, end)))
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

  /** How objdump shows a register. */
  static String name(Register register) {
    return register.name().toLowerCase(Locale.ROOT);
  }

  /** How it shows an address. */
  static String text(Address address) {
    int displacement = address.displacement();
    return "[%s%s%s0x%x]"
        .formatted(
            name(address.base()),
            address.index() == null ? "" : "+" + name(address.index()) + "*" + address.scale(),
            displacement < 0 ? "-" : "+",
            Math.abs((long) displacement));
  }

  /** How it shows an operand: of a register of so many bits, or memory of that size. */
  static String text(Operand operand, String letter) {
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
}
