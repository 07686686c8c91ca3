package io.github.tornadovit.engine.image.codec;

/**
 * The colour space of a JPEG file's samples, and their conversion to RGB: as libjpeg and Pillow do
 * it, the colour space from the JFIF and Adobe segments or the component ids, CMYK always taken as
 * inverted.
 */
enum JpegColors {
  GRAY,
  RGB,
  YCBCR,
  CMYK,
  YCCK;

  /** Of libjpeg's conversion in 16-bit fixed point, by a level of Cr or Cb. */
  private static final int[] RED_OF_CR = new int[256];

  private static final int[] GREEN_OF_CR = new int[256];
  private static final int[] GREEN_OF_CB = new int[256];
  private static final int[] BLUE_OF_CB = new int[256];

  static {
    for (int level = 0; level < 256; level++) {
      int centred = level - 128;
      RED_OF_CR[level] = (91881 * centred + 32768) >> 16;
      GREEN_OF_CR[level] = -46802 * centred;
      GREEN_OF_CB[level] = -22554 * centred + 32768;
      BLUE_OF_CB[level] = (116130 * centred + 32768) >> 16;
    }
  }

  /** As libjpeg's {@code default_decompress_parms}. */
  static JpegColors of(JpegStream stream) {
    return switch (stream.components().size()) {
      case 1 -> GRAY;
      case 3 -> {
        boolean lettered =
            stream.components().get(0).id() == 'R'
                && stream.components().get(1).id() == 'G'
                && stream.components().get(2).id() == 'B';
        boolean rgb = stream.adobeTransform() >= 0 ? stream.adobeTransform() == 0 : lettered;
        yield rgb && !stream.jfif() ? RGB : YCBCR;
      }
      default -> stream.adobeTransform() <= 0 ? CMYK : YCCK;
    };
  }

  /**
   * Converts a row.
   *
   * @param row its samples, interleaved
   * @param rgb receives three bytes a pixel
   */
  void convert(byte[] row, byte[] rgb) {
    switch (this) {
      case GRAY -> gray(row, rgb);
      case RGB -> System.arraycopy(row, 0, rgb, 0, rgb.length);
      case YCBCR -> ycbcr(row, 3, rgb);
      case CMYK -> ink(row, row, 4, ~0, rgb);
      case YCCK -> {
        ycbcr(row, 4, rgb);
        ink(rgb, row, 3, 0, rgb);
      }
    }
  }

  private static void gray(byte[] row, byte[] rgb) {
    for (int target = 0, from = 0; target < rgb.length; target += 3, from++) {
      rgb[target] = row[from];
      rgb[target + 1] = row[from];
      rgb[target + 2] = row[from];
    }
  }

  private static void ycbcr(byte[] row, int samples, byte[] rgb) {
    for (int target = 0, from = 0; target < rgb.length; target += 3, from += samples) {
      int luma = row[from] & 0xFF;
      int cb = row[from + 1] & 0xFF;
      int cr = row[from + 2] & 0xFF;
      int red = luma + RED_OF_CR[cr];
      int green = luma + ((GREEN_OF_CB[cb] + GREEN_OF_CR[cr]) >> 16);
      int blue = luma + BLUE_OF_CB[cb];
      if (((red | green | blue) & ~0xFF) != 0) {
        red = clip(red);
        green = clip(green);
        blue = clip(blue);
      }
      rgb[target] = (byte) red;
      rgb[target + 1] = (byte) green;
      rgb[target + 2] = (byte) blue;
    }
  }

  private static int clip(int value) {
    return Math.clamp(value, 0, 255);
  }

  /**
   * Of inks and black.
   *
   * @param inks cyan, magenta and yellow first, {@code step} bytes from pixel to pixel
   * @param inverted all bits set where 255 is no ink
   * @param row 255 less black, the fourth of four bytes
   */
  private static void ink(byte[] inks, byte[] row, int step, int inverted, byte[] rgb) {
    for (int target = 0, from = 0, black = 3; target < rgb.length; from += step, black += 4) {
      for (int c = 0; c < 3; c++) {
        int ink = (inks[from + c] ^ inverted) & 0xFF;
        rgb[target++] = (byte) Rasters.inkOnPaper(ink, row[black] & 0xFF);
      }
    }
  }
}
