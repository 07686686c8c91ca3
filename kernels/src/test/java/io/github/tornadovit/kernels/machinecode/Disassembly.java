package io.github.tornadovit.kernels.machinecode;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What objdump of the GNU binutils reads in bytes: instructions in Intel's syntax. */
final class Disassembly {
  private static final Pattern LINE = Pattern.compile("\\s*([0-9a-f]+):\\s+(.*?)\\s*");
  private static final Pattern FROM_HERE =
      Pattern.compile("\\[rip[+-]0x[0-9a-f]+\\] # (0x[0-9a-f]+)");

  /**
   * An instruction.
   *
   * @param position in bytes from the start
   * @param text with single spaces; a place relative to {@code rip} is its position, {@code [0x40]}
   */
  record Instruction(int position, String text) {}

  private Disassembly() {}

  /** The instructions; without objdump the test that calls is skipped. */
  static List<Instruction> of(byte[] code) {
    assumeTrue(exists(), "objdump, of the GNU binutils, is not installed");
    try {
      Path file = Files.createTempFile("code", ".bin");
      try {
        Files.write(file, code);
        return parse(run("-D", "-z", "-w", "-b", "binary", "-mi386:x86-64", "-Mintel", file));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean exists() {
    try {
      return run("--version").contains("GNU");
    } catch (IOException missing) {
      return false;
    }
  }

  private static String run(Object... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("objdump", "--no-show-raw-insn"));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static List<Instruction> parse(String listing) {
    List<Instruction> instructions = new ArrayList<>();
    for (String line : listing.lines().toList()) {
      Matcher parts = LINE.matcher(line);
      if (parts.matches()) {
        // "rex" is a prefix without effect.
        String text = parts.group(2).replaceAll("\\s+", " ").replaceFirst("^rex ", "");
        instructions.add(
            new Instruction(
                Integer.parseInt(parts.group(1), 16), FROM_HERE.matcher(text).replaceAll("[$1]")));
      }
    }
    return instructions;
  }
}
