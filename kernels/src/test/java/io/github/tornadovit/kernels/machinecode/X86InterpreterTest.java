package io.github.tornadovit.kernels.machinecode;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the interpreter must not let pass. */
class X86InterpreterTest {
  private static final long BASE = 0x1000;

  /** One instruction and the return, on four floats that may be written and four that may not. */
  private static void run(String instruction) {
    X86Memory memory = new X86Memory();
    memory.map("floats", BASE, true, new float[4]);
    memory.map("fixed", 2 * BASE, false, new float[4]);
    X86Interpreter processor =
        new X86Interpreter(
            List.of(
                new Disassembly.Instruction(0, instruction),
                new Disassembly.Instruction(8, "vzeroupper"),
                new Disassembly.Instruction(11, "ret")),
            memory);
    processor.set("rdi", BASE);
    processor.set("rsi", 2 * BASE);
    processor.call(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "mov rbx,rdi; rbx, which belongs to the caller",
        "add rsp,0x8; rsp, which belongs to the caller",
        "mov eax,edi; no register: edi",
        "vmovups xmm0,XMMWORD PTR [rdi+0x4]; 16 bytes from floats",
        "vmovups xmm0,XMMWORD PTR [rdi-0x4]; below all regions",
        "vmovups YMMWORD PTR [rdi+0x0],ymm0; 16 bytes from floats",
        "vmovups XMMWORD PTR [rsi+0x0],xmm0; fixed is written",
        "vmovups ymm0,XMMWORD PTR [rdi+0x0]; not YMMWORD",
        "vaddps xmm0,ymm1,xmm2; not 4 lanes",
        "vaddpd xmm0,xmm1,xmm2; unknown instruction",
        "je 0x8; undefined flags"
      })
  void failsOn(String instruction, String message) {
    assertThatThrownBy(() -> run(instruction))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "mov rax,rdi",
        "vmovups xmm0,XMMWORD PTR [rdi+0x0]",
        "vmovups XMMWORD PTR [rdi+0x0],xmm0",
        "vaddss xmm0,xmm1,DWORD PTR [rdi+0xc]",
        "prefetcht1 BYTE PTR [rdi+0x7fffffff]"
      })
  void letsPass(String instruction) {
    assertThatCode(() -> run(instruction)).doesNotThrowAnyException();
  }

  @Test
  void failsOnDirtyUpperPartsAtTheReturn() {
    X86Interpreter processor =
        new X86Interpreter(List.of(new Disassembly.Instruction(0, "ret")), new X86Memory());
    assertThatThrownBy(() -> processor.call(0)).hasMessageContaining("upper part");
  }

  @Test
  void failsOnJumpsOutOfTheCode() {
    X86Interpreter processor =
        new X86Interpreter(
            List.of(
                new Disassembly.Instruction(0, "test rax,rax"),
                new Disassembly.Instruction(3, "jne 0x40")),
            new X86Memory());
    assertThatThrownBy(() -> processor.call(0)).hasMessage("no instruction begins at 0x40");
  }
}
