package io.github.tornadovit.kernels.machinecode;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Disassembled instructions, for an {@link X86Interpreter}. */
final class X86Program {
  /**
   * An instruction.
   *
   * @param next where the one behind it begins
   */
  record Step(String mnemonic, List<String> operands, int next) {}

  private final Map<Integer, Step> steps = new HashMap<>();

  /** Of instructions in order, without gaps. */
  X86Program(List<Disassembly.Instruction> instructions) {
    for (int i = 0; i < instructions.size(); i++) {
      Disassembly.Instruction one = instructions.get(i);
      String[] parts = one.text().replace("{vex} ", "").split(" ", 2);
      List<String> operands = parts.length == 1 ? List.of() : List.of(parts[1].split(","));
      int next = i + 1 < instructions.size() ? instructions.get(i + 1).position() : -1;
      steps.put(one.position(), new Step(parts[0], operands, next));
    }
  }

  /** The instruction that begins at a position; fails if none does. */
  Step at(int position) {
    Step step = steps.get(position);
    if (step == null) {
      throw new AssertionError("no instruction begins at %#x".formatted(position));
    }
    return step;
  }
}
