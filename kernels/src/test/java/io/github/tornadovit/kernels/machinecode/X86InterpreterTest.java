package io.github.tornadovit.kernels.machinecode;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
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

  /** Shapes of one register each: of sums, of the left and of the right factor. */
  private static void runTiles(byte[] shapes, String... instructions) {
    X86Memory memory = new X86Memory();
    memory.map("shapes", BASE, false, shapes.length).put(shapes);
    List<Disassembly.Instruction> code = new ArrayList<>();
    for (String instruction : instructions) {
      code.add(new Disassembly.Instruction(code.size(), instruction));
    }
    code.add(new Disassembly.Instruction(code.size(), "vzeroupper"));
    code.add(new Disassembly.Instruction(code.size(), "ret"));
    X86Interpreter processor = new X86Interpreter(code, memory);
    processor.set("rdi", BASE);
    processor.set("rsi", 0);
    processor.call(0);
  }

  private static byte[] shapes(int rows, int columns, int depth) {
    byte[] shapes = new byte[64];
    shapes[0] = 1;
    int[][] all = {{rows, columns}, {rows, depth}, {depth, columns}};
    for (int tile = 0; tile < all.length; tile++) {
      shapes[48 + tile] = (byte) all[tile][0];
      shapes[16 + 2 * tile] = (byte) (4 * all[tile][1]);
    }
    return shapes;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "tdpbusd tmm0,tmm1,tmm2; returns with shapes of tiles",
        "tdpbusd tmm0,tmm1,tmm3; register 3 has no shape",
        "tdpbusd tmm0,tmm0,tmm2; a register twice",
        "tdpbf16ps tmm0,tmm2,tmm1; shapes do not fit",
        "tileloadd tmm0,[rdi+rsi*1+0x4]; 64 bytes from shapes",
        "tileloadd tmm0,[rdi+0x4]; no stride",
        "tileloadd tmm8,[rdi+rsi*1+0x0]; no tile register",
        "tilestored [rdi+rsi*1+0x0],tmm0; shapes is written"
      })
  void failsOnTiles(String instruction, String message) {
    assertThatThrownBy(() -> runTiles(shapes(3, 16, 5), "ldtilecfg [rdi+0x0]", instruction))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(message);
  }

  @Test
  void failsOnTilesWithoutShapes() {
    assertThatThrownBy(() -> runTiles(shapes(1, 1, 1), "tileloadd tmm0,[rdi+rsi*1+0x0]"))
        .hasMessageContaining("register 0 has no shape");
    byte[] reserved = shapes(1, 1, 1);
    reserved[9] = 1;
    for (byte[] wrong : new byte[][] {new byte[64], shapes(17, 1, 1), shapes(1, 17, 1), reserved}) {
      assertThatThrownBy(() -> runTiles(wrong, "ldtilecfg [rdi+0x0]"))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("ldtilecfg");
    }
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
