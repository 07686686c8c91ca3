package io.github.tornadovit.engine.image.codec;

import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;

/**
 * JPEG: baseline and progressive, gray, YCbCr, RGB, CMYK and YCCK.
 *
 * <p>The JDK's reader (libjpeg 6b: accurate integer DCT, triangular upsampling) gives samples
 * without colour conversion, row by row; {@link JpegColors} makes colours of them. Profiles are
 * ignored.
 */
public final class JpegDecoder implements FormatDecoder {
  /** Rows are not kept. */
  @Override
  public int bytesPerPixel() {
    return 0;
  }

  @Override
  public void decode(Bytes encoded, PixelLimit limit, AdmittedSink sink) throws IOException {
    JpegStream stream = JpegStream.parse(encoded, limit);
    Extent size = new Extent(stream.height(), stream.width());
    Rows rows = new Rows(stream, sink);
    sink.begin(stream.width(), stream.height(), stream.orientation());
    Readers.withJdkReader(
        "jpeg",
        stream.essential(),
        size,
        reader -> {
          read(reader, stream, rows);
          return rows;
        });
    rows.end();
  }

  private static void read(ImageReader reader, JpegStream stream, Rows rows) throws IOException {
    int bands = stream.components().size();
    if (bands < 4) {
      ImageReadParam param = reader.getDefaultReadParam();
      param.setDestination(
          RowRaster.image(stream.width(), stream.height(), bands, rows::ofAnyPass));
      reader.read(0, param);
      return;
    }
    // Four samples a pixel are no image to the reader.
    Raster raster = reader.readRaster(0, null);
    if (raster.getWidth() != stream.width()
        || raster.getHeight() != stream.height()
        || raster.getNumBands() != bands) {
      throw new MalformedImageException("decodes to another size than its header says");
    }
    byte[] samples = ((DataBufferByte) raster.getDataBuffer()).getData();
    byte[] row = new byte[stream.width() * bands];
    for (int y = 0; y < stream.height(); y++) {
      System.arraycopy(samples, y * row.length, row, 0, row.length);
      rows.row(y, row);
    }
  }

  /** From the samples of rows to colours in a sink. */
  private static final class Rows {
    private final JpegStream stream;
    private final AdmittedSink sink;
    private final JpegColors colors;
    private final byte[] rgb;
    private final VerticalUpsampling upsampling;
    private int pass = -1;
    private int done;

    Rows(JpegStream stream, AdmittedSink sink) {
      this.stream = stream;
      this.sink = sink;
      colors = JpegColors.of(stream);
      rgb = new byte[stream.width() * 3];
      upsampling = VerticalUpsampling.of(stream, this::convert);
    }

    /**
     * A row of one of the passes that the reader makes over a picture of several scans, one per
     * scan or one fewer. The last is the picture.
     */
    void ofAnyPass(int y, byte[] samples) {
      if (y == 0) {
        pass++;
      }
      if (pass < stream.scans() - 2) {
        return;
      }
      if (y == 0 && done > 0) {
        sink.beginAgain();
      }
      row(y, samples);
    }

    void row(int y, byte[] samples) {
      upsampling.row(y, samples);
    }

    private void convert(int y, byte[] samples) {
      colors.convert(samples, rgb);
      sink.row(y, rgb, 0);
      done = y + 1;
    }

    void end() throws MalformedImageException {
      upsampling.end();
      if (done != stream.height()) {
        throw new MalformedImageException("decodes to another size than its header says");
      }
    }
  }
}
