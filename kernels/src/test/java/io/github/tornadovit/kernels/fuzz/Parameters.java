package io.github.tornadovit.kernels.fuzz;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** The numbers of a case by name, in order: {@code batch=2,rows=7}. */
final class Parameters {
  /** Tiles, panels, vectors, groups and chunks end at these, so sizes are drawn around them. */
  private static final int[] BORDERS = {
    4, 6, 8, 12, 16, 24, 32, 40, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536
  };

  private final Map<String, Integer> values = new LinkedHashMap<>();

  static Parameters parse(String text) {
    Parameters parameters = new Parameters();
    for (String part : text.split(",", -1)) {
      String[] sides = part.split("=", -1);
      parameters.put(sides[0], Integer.parseInt(sides[1]));
    }
    return parameters;
  }

  /** Adds a number. */
  Parameters put(String name, int value) {
    values.put(name, value);
    return this;
  }

  /** Adds 0 or 1. */
  Parameters flag(String name, Random random) {
    return put(name, random.nextInt(2));
  }

  /** Adds a size from 1 to {@code most}: often 1, more often beside a border. */
  Parameters size(String name, Random random, int most) {
    int size = 1 + random.nextInt(Math.min(most, 40));
    int kind = random.nextInt(8);
    if (kind == 0) {
      size = 1;
    } else if (kind < 5) {
      int[] borders = Arrays.stream(BORDERS).filter(border -> border <= most).toArray();
      if (borders.length > 0) {
        size = borders[random.nextInt(borders.length)] + random.nextInt(3) - 1;
      }
    }
    return put(name, Math.clamp(size, 1, most));
  }

  int get(String name) {
    Integer value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no parameter '" + name + "' in " + this);
    }
    return value;
  }

  boolean is(String name) {
    return get(name) != 0;
  }

  @Override
  public String toString() {
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(","));
  }
}
