/** The words of the form of the vehicle gateway: part of profile-words.ts, both languages of one form side by side. */
import { bilingual } from '../../words/bilingual.ts'

export const gatewayFormWords = bilingual({
  en: {
    gatewayPortHint:
      '8081 is where programs for the OHT-50 look. 0 lets the system choose one at each start.',
    viewersNeedToken: 'Watching needs a login',
    viewersNeedTokenHint: 'Without, whoever reaches the port may watch. Commands always need a login.',
    gatewayTokenHint: 'Then the program has to log in again. 525600 is a year.',
    'field-viewersNeedToken': 'whether watching needs a login',
    'why-gateway-token-range': 'From 1 to 525600 minutes (a year).',
  },
  vi: {
    gatewayPortHint:
      '8081 là cổng mà chương trình của OHT-50 tìm tới. 0 để hệ thống tự chọn mỗi lần khởi động.',
    viewersNeedToken: 'Xem cũng phải đăng nhập',
    viewersNeedTokenHint: 'Nếu không, ai tới được cổng này đều xem được. Lệnh luôn cần đăng nhập.',
    gatewayTokenHint: 'Sau đó chương trình phải đăng nhập lại. 525600 là một năm.',
    'field-viewersNeedToken': 'việc xem cần đăng nhập',
    'why-gateway-token-range': 'Từ 1 đến 525600 phút (một năm).',
  },
})
