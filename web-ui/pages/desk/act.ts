/** Runs what a button or key asks for; what goes wrong is told. */
import { errorText } from '../../api/client.ts';
import { toast } from '../../components/feedback.tsx';

export async function act(action: () => Promise<unknown>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    toast(errorText(error));
    return false;
  }
}
