package io.github.tornadovit.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A whole file has the checksums that we would give it; a damaged one is mended, not read. */
class ChecksumsTest {
  private static final Path GOLDEN = Path.of("..", "engine", "src", "test", "resources", "golden");

  @Test
  void ofZipEntries() throws IOException {
    byte[] whole = Files.readAllBytes(GOLDEN.resolve("models/vit-bin/pytorch_model.bin"));
    assertThat(ZipChecksums.corrected(whole)).isEqualTo(whole);
    byte[] damaged = whole.clone();
    damaged[5000] ^= 1;
    assertThat(ZipChecksums.corrected(damaged)).isNotEqualTo(damaged);
    assertThat(ZipChecksums.corrected(new byte[100])).isEqualTo(new byte[100]);
  }

  @Test
  void ofPngChunks() throws IOException {
    byte[] whole = Files.readAllBytes(GOLDEN.resolve("images/decode/png-palette-4-trns.png"));
    assertThat(PngChecksums.corrected(whole)).isEqualTo(whole);
    byte[] damaged = whole.clone();
    damaged[29] ^= 1; // The checksum of the header.
    assertThat(PngChecksums.corrected(damaged)).isEqualTo(whole);
    assertThat(PngChecksums.corrected(new byte[100])).isEqualTo(new byte[100]);
  }
}
