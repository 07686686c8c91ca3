package io.github.tornadovit.kernels.machinecode;

import static io.github.tornadovit.kernels.machinecode.Operand.Address.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.kernels.machinecode.Encoding.Label;
import io.github.tornadovit.kernels.machinecode.Operand.Constant;
import io.github.tornadovit.kernels.machinecode.Operand.Vector;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is around the instructions; and what has no bytes is refused. */
class EncodingTest {
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
}
