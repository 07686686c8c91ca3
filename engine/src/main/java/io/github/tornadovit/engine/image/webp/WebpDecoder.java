package io.github.tornadovit.engine.image.webp;

import io.github.tornadovit.engine.image.codec.Bytes;
import io.github.tornadovit.engine.image.codec.MalformedImageException;
import io.github.tornadovit.engine.image.codec.Orientation;
import io.github.tornadovit.engine.image.codec.Picture;
import io.github.tornadovit.engine.image.codec.PictureDecoder;
import io.github.tornadovit.engine.image.codec.PixelLimit;
import io.github.tornadovit.engine.image.codec.Rasters;
import io.github.tornadovit.engine.image.codec.Readers;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * WebP: the still image or first frame; the rest of the canvas is black.
 *
 * <p>Lossy by {@link Vp8Decoder}; lossless by TwelveMonkeys' reader, which gets the bitstream alone
 * so that it has no profile to apply and no alpha to blend.
 */
public final class WebpDecoder implements PictureDecoder {
  private static final int RIFF_HEADER_BYTES = 12;
  private static final int CHUNK_HEADER_BYTES = 8;
  private static final int FRAME_HEADER_BYTES = 16;
  private static final int EXIF_FLAG = 8;
  private static final int XMP_FLAG = 4;

  /** The modes of 256 pixels take 3.4 bits at least, by their fixed probabilities. */
  private static final long MAX_LOSSY_PIXELS_PER_BYTE = 256 * 8 / 3;

  /** The chunks of a file; offsets in bytes, 0 for none. */
  private static final class Layout {
    private int flags;
    private long canvasWidth;
    private long canvasHeight;
    private long left;
    private long top;
    private long bitstream;
    private byte[] exif = new byte[0];
    private byte[] xmp = new byte[0];

    /** As libwebp: the first chunk of a kind, and none that the header does not announce. */
    private byte[] first(int flag, byte[] found, byte[] chunk) {
      return (flags & flag) != 0 && found.length == 0 ? chunk : found;
    }
  }

  @Override
  public Decoded decode(Bytes encoded, PixelLimit limit) throws IOException {
    long end = CHUNK_HEADER_BYTES + encoded.u32LittleEndian(4);
    encoded.require(0, end);
    Layout layout = new Layout();
    walk(encoded, RIFF_HEADER_BYTES, end, layout);
    if (layout.bitstream == 0) {
      throw new MalformedImageException("has no image chunk (VP8 or VP8L)");
    }
    boolean lossless = encoded.startsWith(layout.bitstream, "VP8L");
    long at = layout.bitstream + CHUNK_HEADER_BYTES;
    int packed = lossless ? encoded.i32LittleEndian(at + 1) : 0;
    int width = lossless ? (packed & 0x3FFF) + 1 : encoded.u16LittleEndian(at + 6) & 0x3FFF;
    int height = lossless ? (packed >>> 14 & 0x3FFF) + 1 : encoded.u16LittleEndian(at + 8) & 0x3FFF;
    limit.check(width, height);
    long canvasWidth = Math.max(layout.canvasWidth, layout.left + width);
    long canvasHeight = Math.max(layout.canvasHeight, layout.top + height);
    limit.check(canvasWidth, canvasHeight);
    Picture image;
    if (lossless) {
      Raster raster =
          Readers.withPluginReader(
              "webp",
              new Bitstream(alone(encoded, layout.bitstream)),
              new Extent(height, width),
              reader -> reader.read(0).getRaster());
      image = Rasters.ofSamples(raster);
    } else {
      long length = encoded.u32LittleEndian(layout.bitstream + 4);
      limit.checkRatio(width, height, length, MAX_LOSSY_PIXELS_PER_BYTE);
      image = Vp8Decoder.decode(encoded, at, length, width, height);
    }
    if (image.width() != width || image.height() != height) {
      throw new MalformedImageException("decodes to another size than its header says");
    }
    image = image.on((int) canvasWidth, (int) canvasHeight, (int) layout.left, (int) layout.top, 0);
    return new Decoded(image, Orientation.of(layout.exif, layout.xmp));
  }

  private static void walk(Bytes encoded, long start, long end, Layout layout)
      throws MalformedImageException {
    long at = start;
    while (at + CHUNK_HEADER_BYTES <= end) {
      long length = encoded.u32LittleEndian(at + 4);
      long data = at + CHUNK_HEADER_BYTES;
      encoded.require(data, length);
      switch (new String(encoded.copy(at, 4), StandardCharsets.ISO_8859_1)) {
        case "VP8X" -> {
          layout.flags = encoded.u8(data);
          layout.canvasWidth = encoded.u24LittleEndian(data + 4) + 1L;
          layout.canvasHeight = encoded.u24LittleEndian(data + 7) + 1L;
        }
        case "ANMF" -> {
          if (layout.bitstream == 0) {
            layout.left = encoded.u24LittleEndian(data) * 2L;
            layout.top = encoded.u24LittleEndian(data + 3) * 2L;
            walk(encoded, data + FRAME_HEADER_BYTES, data + length, layout);
          }
        }
        case "VP8 ", "VP8L" -> {
          if (layout.bitstream == 0) {
            layout.bitstream = at;
          }
        }
        case "EXIF" ->
            layout.exif = layout.first(EXIF_FLAG, layout.exif, encoded.copy(data, length));
        case "XMP " -> layout.xmp = layout.first(XMP_FLAG, layout.xmp, encoded.copy(data, length));
        default -> {}
      }
      at = data + length + (length & 1);
    }
  }

  /**
   * An image's bytes, behind whose end is nothing to read. The reader reads up to 8 bytes ahead,
   * for which zeros follow; to an end of the file proper it would answer with zeros for as long as
   * it is asked, each by an exception: 289 bytes took 18 s.
   */
  private static final class Bitstream extends MemoryCacheImageInputStream {
    private static final int READ_AHEAD_BYTES = 16;

    Bitstream(byte[] encoded) {
      super(new ByteArrayInputStream(Arrays.copyOf(encoded, encoded.length + READ_AHEAD_BYTES)));
    }

    @Override
    public int read() throws IOException {
      return present(super.read());
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return present(super.read(bytes, offset, length));
    }

    private static int present(int read) throws MalformedImageException {
      if (read < 0) {
        throw new MalformedImageException("ends before its last pixel");
      }
      return read;
    }
  }

  /** A simple WebP file of one bitstream chunk. */
  private static byte[] alone(Bytes encoded, long chunk) throws MalformedImageException {
    long length = encoded.u32LittleEndian(chunk + 4);
    byte[] copy = encoded.copy(chunk, CHUNK_HEADER_BYTES + length);
    int padded = copy.length + (copy.length & 1);
    return ByteBuffer.allocate(RIFF_HEADER_BYTES + padded)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("RIFF".getBytes(StandardCharsets.ISO_8859_1))
        .putInt(4 + padded)
        .put("WEBP".getBytes(StandardCharsets.ISO_8859_1))
        .put(copy)
        .array();
  }
}
