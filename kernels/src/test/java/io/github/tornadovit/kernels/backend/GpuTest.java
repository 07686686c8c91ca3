package io.github.tornadovit.kernels.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GPUs by name, and from files of figures. */
class GpuTest {
  private static final String FIGURES =
      """
      name = mine
      compute_capability = 7.5
      multiprocessors = 10
      lanes = 64
      tensor_multiply_adds = 0
      gigahertz = 1.5
      memory_rate = 100
      cache_rate = 400
      cache_megabytes = 2.5
      bus_rate = 6
      threads = 1024
      local_kilobytes = 48
      """;

  @Test
  void byAPartOfTheName() {
    assertThat(Gpu.of("4090").name()).isEqualTo("RTX 4090");
    assertThat(Gpu.of("rtx-4090").name()).isEqualTo("RTX 4090");
    assertThat(Gpu.of("A10").name()).isEqualTo("A10"); // and not A100
    assertThat(Gpu.of("t4").multiprocessors().lanes()).isEqualTo(64);
    assertThatThrownBy(() -> Gpu.of("B200"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'B200' is no GPU of the table (T4, A10, A100, RTX 4090, H100) and no file");
    assertThatThrownBy(() -> Gpu.of("a1")).hasMessageStartingWith("'a1' is no GPU of the table");
  }

  @Test
  void fromAFile(@TempDir Path folder) throws IOException {
    assertThat(Gpu.of(file(folder, FIGURES)))
        .isEqualTo(
            new Gpu("mine", new Multiprocessors(7.5, 10, 64, 0, 1.5, 400, 1024, 48), 100, 2.5, 6));
  }

  @Test
  void aFileThatDoesNotSayAll(@TempDir Path folder) throws IOException {
    refused(folder, FIGURES.replace("lanes = 64\n", ""), "says no lanes, expected name, ");
    refused(folder, FIGURES.replace("= 64", "= 64.5"), "says lanes=64.5, expected a whole number");
    refused(folder, FIGURES.replace("= 1.5", "= fast"), "says gigahertz=fast, expected a number");
    refused(
        folder, FIGURES.replace("= 100\n", "= 0\n"), "'mine' has a figure that is not positive");
    refused(folder, FIGURES.replace("= 400", "= NaN"), "'mine' has a figure that is not positive");
  }

  private static void refused(Path folder, String figures, String message) throws IOException {
    String file = file(folder, figures);
    assertThatThrownBy(() -> Gpu.of(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static String file(Path folder, String figures) throws IOException {
    return Files.writeString(folder.resolve("gpu.properties"), figures).toString();
  }
}
