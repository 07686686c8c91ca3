package io.github.tornadovit.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of {@link Bf16}. */
class Bf16Test {
  @ParameterizedTest
  @CsvSource({
    "0x3f800000, 0x3f80",
    "0x3f808000, 0x3f80", // a tie, to the even one below
    "0x3f818000, 0x3f82", // a tie, to the even one above
    "0x3f808001, 0x3f81",
    "0x3f807fff, 0x3f80",
    "0xbf818000, 0xbf82",
    "0x00000000, 0x0000",
    "0x80000000, 0x8000",
    "0x007fffff, 0x0000", // the largest subnormal
    "0x807fffff, 0x8000",
    "0x00800000, 0x0080",
    "0x7f7fffff, 0x7f80", // beyond the largest: infinite
    "0x7f7f7fff, 0x7f7f",
    "0x7f800000, 0x7f80",
    "0xff800000, 0xff80",
    "0x7fc00000, 0x7fc0",
    "0x7f800001, 0x7fc0", // NaN stays NaN
    "0xffffffff, 0xffff"
  })
  void rounds(String from, String to) {
    float x = Float.intBitsToFloat(Long.decode(from).intValue());
    assertThat(Bf16.code(x) & 0xffff).isEqualTo(Integer.decode(to));
  }

  @Test
  void isTheNearest() {
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      float x = Float.intBitsToFloat(random.nextInt());
      if (Math.abs(x) < Float.MIN_NORMAL || !(Math.abs(x) < 1e38f)) {
        continue;
      }
      float rounded = Bf16.round(x);
      int code = Bf16.code(x);
      double error = Math.abs((double) rounded - x);
      for (int step : new int[] {-1, 1}) {
        assertThat(error)
            .isLessThanOrEqualTo(Math.abs((double) Bf16.value((short) (code + step)) - x));
      }
    }
  }

  @Test
  void anOddRowIsPaddedWithZero() {
    byte[] codes = {9, 9, 9, 9, 9, 9, 9, 9};
    Bf16.encode(new float[] {7, 1, 2, 3}, 1, 0, 3, MemorySegment.ofArray(codes), 0);
    assertThat(codes).containsExactly(0x80, 0x3f, 0, 0x40, 0x40, 0x40, 0, 0);
    assertThat(Bf16.rowBytes(3)).isEqualTo(8);
  }
}
