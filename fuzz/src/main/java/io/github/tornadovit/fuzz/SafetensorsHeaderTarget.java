package io.github.tornadovit.fuzz;

import io.github.tornadovit.weights.safetensors.SafetensorsHeader;
import io.github.tornadovit.weights.safetensors.SafetensorsHeader.Entry;
import java.lang.foreign.MemorySegment;

/** The header of a safetensors file; what is accepted covers the data and nothing else. */
final class SafetensorsHeaderTarget implements FuzzTarget {
  @Override
  public void read(byte[] input) {
    SafetensorsHeader header = SafetensorsHeader.parse(MemorySegment.ofArray(input), "input");
    long expected = 0;
    for (Entry entry : header.entries()) {
      long bytes = entry.shape().elements() * entry.dtype().bytes();
      if (entry.begin() != expected || entry.end() - entry.begin() != bytes) {
        throw new AssertionError("accepted " + entry + " where data byte " + expected + " is due");
      }
      expected = entry.end();
    }
    if (header.dataStart() + expected != input.length) {
      throw new AssertionError("accepted data that ends at %d".formatted(expected));
    }
  }
}
