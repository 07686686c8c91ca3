package io.github.tornadovit.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The pickle of a torch zip, among storages {@code 0} to {@code 3} of {@value #BYTES} bytes. */
final class PickleTarget implements FuzzTarget {
  private static final int STORAGES = 4;
  private static final int BYTES = 64;

  private final PytorchFileTarget file = new PytorchFileTarget();

  @Override
  public void read(byte[] input) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "archive/data.pkl", input);
      for (int key = 0; key < STORAGES; key++) {
        store(zip, "archive/data/" + key, new byte[BYTES]);
      }
    }
    file.read(bytes.toByteArray());
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
  }
}
