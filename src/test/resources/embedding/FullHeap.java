import java.util.ArrayList;

/** A program that would limp on. */
public final class FullHeap {
    public static void main(String[] arguments) {
        var taken = new ArrayList<byte[]>();
        try {
            while (true) {
                taken.add(new byte[1 << 20]);
            }
        } catch (OutOfMemoryError e) {
            taken.clear();
            System.out.println("goes on");
        }
    }
}
