package io.github.tornadovit.engine.image;

/**
 * The colour map "inferno" (Smith and van der Walt 2015, public domain), perceptually uniform:
 * equal steps of a value look like equal steps of lightness, also in gray and to the colour-blind.
 * Every sixteenth of its 256 colours is kept, what lies between is interpolated.
 */
final class Inferno {
  private static final int STEP = 16;
  private static final int LAST = 255;
  private static final int[] COLORS = {
    0x000004, 0x0B0724, 0x210C4A, 0x3D0965, 0x57106E, 0x71196E, 0x8A226A, 0xA32C61, 0xBC3754,
    0xD24644, 0xE45A31, 0xF1731D, 0xF98E09, 0xFCAC11, 0xF9CB35, 0xF2EA69, 0xFCFFA4
  };

  private Inferno() {}

  /**
   * A channel of a colour.
   *
   * @param value from 0, black, to 1, pale yellow
   * @param channel 0 red, 1 green, 2 blue
   * @return 0 to 255
   */
  static double channel(double value, int channel) {
    double position = Math.clamp(value, 0, 1) * LAST;
    int below = Math.min((int) position / STEP, COLORS.length - 2);
    int next = Math.min((below + 1) * STEP, LAST);
    double weight = (position - below * STEP) / (next - below * STEP);
    int shift = 16 - 8 * channel;
    int from = COLORS[below] >> shift & 0xFF;
    int to = COLORS[below + 1] >> shift & 0xFF;
    return from + weight * (to - from);
  }
}
