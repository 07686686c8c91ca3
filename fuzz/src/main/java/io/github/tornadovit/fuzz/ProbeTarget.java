package io.github.tornadovit.fuzz;

import io.github.tornadovit.base.file.Sha256;
import io.github.tornadovit.engine.probe.LinearProbe;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/**
 * One of the two files of a linear probe. The description holds the checksum of the tensors, which
 * is corrected where the tensors are the input.
 */
final class ProbeTarget implements FuzzTarget {
  private static final String JSON = "probe.json";
  private static final String TENSORS = "probe.safetensors";

  private final Scratch scratch = Scratch.create().with("probe", JSON, TENSORS);
  private final String file;
  private final String json;
  private final String checksum;

  private ProbeTarget(String file) {
    this.file = file;
    try {
      json = Files.readString(scratch.file(JSON));
      checksum = Sha256.of(scratch.file(TENSORS));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static ProbeTarget ofJson() {
    return new ProbeTarget(JSON);
  }

  static ProbeTarget ofTensors() {
    return new ProbeTarget(TENSORS);
  }

  @Override
  public void read(byte[] input) throws IOException {
    scratch.write(file, input);
    if (file.equals(TENSORS)) {
      String corrected = json.replace(checksum, Sha256.of(MemorySegment.ofArray(input)));
      scratch.write(JSON, corrected.getBytes(StandardCharsets.UTF_8));
    }
    LinearProbe probe = LinearProbe.load(scratch.folder());
    if (probe.labels().size() < 2) {
      throw new AssertionError("accepted " + probe.labels());
    }
  }
}
